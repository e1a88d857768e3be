import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import CLI
@testable import Console

@Suite("What is kept from one start to the next")
struct ChoicesStoreTests {
    @Test("the last twenty projects are remembered, newest first, each once, as far as they are still there")
    func recentProjects() throws {
        try withTemporaryFolder { folder in
            let store = ChoicesStore(
                cacheRoot: folder.appending("cache"), stateRoot: folder.appending("state"), now: { 0 })
            let projects = (1...22).map { folder.appending("project-\($0)") }
            for project in projects {
                try project.makeFolder()
                store.save(Choices(image: "app"), for: project)
            }
            #expect(store.recentProjects().map(\.path) == projects.dropFirst(2).reversed())
            store.save(Choices(), for: projects[9])
            #expect(rmdir(projects[21].string) == 0)
            let expected = [projects[9]] + projects[2..<21].reversed().filter { $0 != projects[9] }
            #expect(store.recentProjects().map(\.path) == expected)
        }
    }

    @Test("the choices of a project come back for that project alone, from a folder for its owner alone")
    func choices() throws {
        try withTemporaryFolder { folder in
            let (one, other, cache) = (folder.appending("one"), folder.appending("other"), folder.appending("cache"))
            for project in [one, other] { try project.makeFolder() }
            let store = ChoicesStore(cacheRoot: cache, stateRoot: folder.appending("state"), now: { 0 })
            let choices = Choices(image: "app:2", buildVariables: ["A": "1"])
            store.save(choices, for: one)
            #expect(store.choices(for: one) == choices)
            #expect(store.choices(for: other) == nil)
            for name in [""] + (try cache.names()) {
                var status = stat()
                guard stat(cache.appending(name).string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                    continue
                }
                #expect(status.st_mode & 0o777 == 0o700, "\(name)")
            }
        }
    }

    @Test("sources of secrets and options of containers outlive the cache, for their owner alone")
    func keptInState() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("one")
            try project.makeFolder()
            let link = folder.appending("link")
            #expect(symlink(project.string, link.string) == 0)
            let (cache, state) = (folder.appending("cache"), folder.appending("state"))
            let store = ChoicesStore(cacheRoot: cache, stateRoot: state, now: { 0 })
            var choices = Choices(image: "app:2")
            store.save(choices, for: project)
            #expect(access(state.string, F_OK) != 0, "nothing to keep, no file")
            choices.run.ports = ["8080:4000"]
            choices.secretSources = ["TOKEN": .command("pass show t"), "KEY": .file("/run/key.env"), "A": .environment]
            store.save(choices, for: project)
            removeTree(cache)
            for path in [project, link] {
                let kept = store.choices(for: path)
                #expect(kept?.run.ports == ["8080:4000"])
                #expect(kept?.secretSources == choices.secretSources)
            }
            let file = try #require(try state.appending("projects").names().first)
            var status = stat()
            #expect(stat(state.appending("projects").appending(file).string, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("commands that an earlier version kept in the cache are still known")
    func earlierCommands() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("one")
            try project.makeFolder()
            let store = ChoicesStore(
                cacheRoot: folder.appending("cache"), stateRoot: folder.appending("state"), now: { 0 })
            store.save(Choices(image: "app:2"), for: project)
            let own = try #require(try folder.appending("cache").names().first { $0.hasPrefix("one-") })
            let path = folder.appending("cache").appending(own).appending("choices.json")
            let text = try path.readText()
            try path.write(text.replacing("\"image\"", with: "\"secretCommands\": {\"T\": \"pass show t\"}, \"image\""))
            #expect(store.choices(for: project)?.secretSources == ["T": .command("pass show t")])
            #expect(store.choices(for: project)?.image == "app:2")
        }
    }
}
