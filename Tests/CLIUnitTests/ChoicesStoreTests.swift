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
            let store = ChoicesStore(cacheRoot: folder.appending("cache"), now: { 0 })
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
            let store = ChoicesStore(cacheRoot: cache, now: { 0 })
            let choices = Choices(image: "app:2", buildVariables: ["A": "1"], secretCommands: ["TOKEN": "pass show t"])
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
}
