import Diagnostics
import Glibc
import SystemPackage
import TestSupport
import Testing
import Text

@testable import BuildpackAPI

@Suite("The walk through a project")
struct SourceWalkTests {
    private func paths(_ project: FilePath, _ selection: SourceSelection = .init()) throws -> [String] {
        try SourceWalk.entries(of: project, selection).map { "\($0.kind.rawValue) \($0.path)" }
    }

    @Test("folders come before what is in them, names in the order of their bytes")
    func order() throws {
        try withTemporaryFolder { folder in
            for path in ["b/z", "b/a", "B", "a-b", "a/x"] { try folder.appending(FilePath(path).components).write("") }
            #expect(try paths(folder) == ["f B", "d a", "f a/x", "f a-b", "d b", "f b/a", "f b/z"])
        }
    }

    @Test("a folder of which patterns take nothing is left out, one that is empty is not")
    func emptied() throws {
        try withTemporaryFolder { folder in
            for path in ["lib/a.ex", "docs/a.md", "docs/more/b.md", "mixed/a.md", "mixed/b.ex"] {
                try folder.appending(FilePath(path).components).write("")
            }
            try folder.appending("empty").makeFolder()
            let excluded = SourceSelection(exclusions: ["*.md"].compactMap(IgnorePattern.init))
            let expected = ["d empty", "d lib", "f lib/a.ex", "d mixed", "f mixed/b.ex"]
            #expect(try paths(folder, excluded) == expected)
            let included = SourceSelection(inclusions: ["*.ex"].compactMap(IgnorePattern.init))
            #expect(try paths(folder, included) == expected)
            #expect(try paths(folder).count == 10)
        }
    }

    @Test("names that are not UTF-8 take part like any other")
    func rawNames() throws {
        try withTemporaryFolder { folder in
            try folder.appending("priv").writeRaw([0xE9])
            try folder.writeRaw(Array("link".utf8), linkTo: Array("priv/".utf8) + [0xE9])
            try folder.writeRaw(Array("out".utf8), linkTo: Array("gone".utf8) + [0xE9])
            #expect(
                try SourceWalk.entries(of: folder, .init()).map { "\($0.kind.rawValue) \($0.path.shownFileName)" }
                    == ["l link", "l out", "d priv", "f priv/\\xE9"])
        }
    }

    @Test(
        "the whole machine and the kernel's own file systems are refused at once, also where a link leads there",
        arguments: ["/", "/proc", "/sys", "/proc/sys"])
    func notCopied(target: String) throws {
        let target = FilePath(target)
        let error = #expect(throws: Failure.self) { try SourceWalk.entries(of: target, .init()) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains("does not copy it into a build") == true)
        try withTemporaryFolder { folder in
            try folder.appending("link").link(to: target.string)
            let opened = SourceSelection(openedPaths: [target])
            let error = #expect(throws: Failure.self) { try SourceWalk.entries(of: folder, opened) }
            #expect(error?.code == .usage)
            #expect(error?.advice?.contains("--follow-links") == true)
        }
    }

    @Test("the whole machine is no context either, and says so")
    func contextOfAll() throws {
        try withTemporaryFolder { folder in
            let selection = SourceSelection(context: SourceContext("/", around: folder))
            let error = #expect(throws: Failure.self) { try SourceWalk.entries(of: folder, selection) }
            #expect(error?.message == "/ is the whole machine; mixpack does not copy it into a build")
            #expect(error?.advice?.contains("--context") == true)
        }
    }

    @Test("a walk that is cancelled ends at the next file")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            for number in 0..<50 { try folder.appending("\(number)").write("") }
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try SourceWalk.entries(of: folder, .init()).count
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("more than a project has is named, the largest files first")
    func size() throws {
        try withTemporaryFolder { folder in
            let names = ["a", "b", "c", "d"]
            for (index, name) in names.enumerated() {
                try folder.appending(name).write("")
                #expect(truncate(folder.appending(name).string, (index + 1) << 28) == 0)
            }
            let entries = try SourceWalk.entries(of: folder, .init())
            let warning = try #require(SourceSize(of: entries).warning)
            #expect(
                warning.text
                    == "the build copies 2.7 GB in 4 files; the largest: d (1.1 GB), c (805 MB), b (537 MB)")
            #expect(warning.advice?.hasSuffix(#"exclude = ["d", "c", "b"]"#) == true)
            #expect(SourceSize(of: entries.filter { $0.path != "d" && $0.path != "c" }).warning == nil)
        }
    }

    @Test("a folder that is left out is not looked into")
    func leftOut() throws {
        try withTemporaryFolder { folder in
            try folder.appending("docs/key").write("")
            try folder.appending("docs/link").link(to: "/etc")
            let selection = SourceSelection(exclusions: [try #require(IgnorePattern("docs/"))])
            #expect(try paths(folder, selection) == [])
        }
    }

    @Test("many folders, read by several threads, are listed in the order of a walk; cancelling ends it")
    func manyFolders() async throws {
        try await withTemporaryFolder { folder in
            var expected: [String] = []
            for number in 100..<140 {
                expected += ["d \(number)", "f \(number)/a", "d \(number)/b", "f \(number)/b/c", "l \(number)/z"]
                for name in ["a", "b/c", "tmp.beam"] { try folder.appending("\(number)/\(name)").write("") }
                try folder.appending("\(number)/z").link(to: "a")
            }
            let selection = SourceSelection(exclusions: [try #require(IgnorePattern("*.beam"))])
            #expect(try paths(folder, selection) == expected)
            let cancelled = Task {
                // From inside of the look: a level that is half read is not taken for a whole one.
                _ = try ListedFolders(root: folder, selection) { place in
                    if place.lastComponent == "b" { withUnsafeCurrentTask { $0?.cancel() } }
                    return false
                }
            }
            await #expect(throws: CancellationError.self) { try await cancelled.value }
        }
    }

    @Test("what is left out of a context is said, and its own project.toml can take it")
    func contextLeavesOut() throws {
        try withTemporaryFolder { folder in
            for path in [
                "app/mix.exs", "app/doc/a", "app/.expert/a", "libs/shared/mix.exs", "libs/shared/doc/a",
                "libs/shared/tmp/a", "libs/doc/a", "tool/mix.exs", "tool/cover/a", ".idea/a", "doc/a",
            ] { try folder.appending(path).write("") }
            var context = try #require(SourceContext(folder, around: folder.appending("app")))
            func walk() throws -> (files: [String], leftOut: [String]) {
                let selection = SourceSelection(exclusions: [try #require(IgnorePattern("!doc"))], context: context)
                let entries = try SourceWalk.entries(of: folder.appending("app"), selection)
                return (
                    entries.filter { $0.kind == .file && $0.path.hasSuffix("/a") }.map(\.path).sorted(),
                    selection.leftOut(of: folder.appending("app")).sorted()
                )
            }
            let (files, leftOut) = try walk()
            #expect(files == ["app/doc/a", "doc/a", "libs/doc/a"])
            #expect(leftOut == ["../.idea", "../libs/shared/doc", "../libs/shared/tmp", "../tool/cover", ".expert"])
            context.exclusions = ["!libs/shared/doc", "!.idea"].compactMap(IgnorePattern.init)
            let taken = try walk()
            #expect(taken.files == [".idea/a", "app/doc/a", "doc/a", "libs/doc/a", "libs/shared/doc/a"])
            #expect(taken.leftOut == ["../libs/shared/tmp", "../tool/cover", ".expert"])
        }
    }

    @Test(
        "links that lead out are refused, all of them in the order of the walk; what is opened is taken as it is there")
    func outside() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            try folder.appending("out/deep/file").write("")
            try folder.appending("out/one").write("")
            try project.makeFolder()
            try project.appending("b").link(to: "../out/deep")
            try project.appending("a").link(to: folder.appending("out/one").string)
            let error = #expect(throws: Failure.self) { try paths(project) }
            #expect(error?.code == .outsideLinks)
            #expect(error?.message.hasPrefix("a is a link") == true && error?.message.contains("1 more") == true)
            #expect(error?.choices.map { FilePath($0).lastComponent?.string } == ["deep", "one"])
            let half = #expect(throws: Failure.self) {
                try paths(project, SourceSelection(openedPaths: [try real(folder.appending("out/deep"))]))
            }
            #expect(half?.choices.map { FilePath($0).lastComponent?.string } == ["one"])
            let opened = SourceSelection(openedPaths: [try real(folder.appending("out"))])
            #expect(try paths(project, opened) == ["f a", "d b", "f b/file"])
        }
    }

    @Test(
        "with a context its folder is walked: links may lead anywhere in it, and what each mix project makes stays out")
    func context() throws {
        try withTemporaryFolder { folder in
            let root = try real(folder).appending("mono")
            let project = root.appending("services/web")
            for path in [
                "services/web/mix.exs", "services/web/_build/x", "services/web/deps/x", "services/web/notes/n",
                "shared/mix.exs", "shared/deps/x", "shared/notes/n", "deploy/deps/kept", "big/x", ".env",
            ] { try root.appending(FilePath(path).components).write("") }
            try project.appending("priv").link(to: "../../shared/notes")
            var selection = SourceSelection(exclusions: [try #require(IgnorePattern("/notes/"))])
            selection.context = SourceContext(root, around: project)
            selection.context?.exclusions = ["/big/", "services"].compactMap { IgnorePattern($0) }
            #expect(
                try paths(project, selection) == [
                    "d deploy", "d deploy/deps", "f deploy/deps/kept", "d services", "d services/web",
                    "f services/web/mix.exs", "l services/web/priv", "d shared", "f shared/mix.exs", "d shared/notes",
                    "f shared/notes/n",
                ])
            try folder.appending("out").write("")
            try project.appending("far").link(to: "../../../out")
            let error = #expect(throws: Failure.self) { try paths(project, selection) }
            #expect(error?.message.hasPrefix("far is a link that leads out of the context") == true)
        }
    }

    @Test("a context is a folder above the project; paths in it are those that the user types")
    func contextPaths() throws {
        #expect(SourceContext("/mono", around: "/mono") == nil)
        #expect(SourceContext("/mono", around: "/monolith/web") == nil)
        let context = try #require(SourceContext("/mono", around: "/mono/services/web"))
        #expect(context.path == "services/web")
        let paths = ["services/web/lib/a.ex", "services/api/b.ex", "shared/c.ex", "services/web"]
        #expect(paths.map(context.fromProject) == ["lib/a.ex", "../api/b.ex", "../../shared/c.ex", ""])
    }

    @Test("a folder beside what is opened is not opened by a name that begins alike")
    func neighbour() throws {
        try withTemporaryFolder { folder in
            try folder.appending("share/x").write("")
            try folder.appending("shared/x").write("")
            let project = folder.appending("p")
            try project.makeFolder()
            try project.appending("a").link(to: "../shared/x")
            let selection = SourceSelection(openedPaths: [try real(folder.appending("share"))])
            let error = #expect(throws: Failure.self) { try paths(project, selection) }
            #expect(error?.code == .outsideLinks)
        }
    }

    @Test("links inside stay links where they are relative; a circle ends")
    func inside() throws {
        try withTemporaryFolder { folder in
            try folder.appending("d/x").write("")
            try folder.appending("relative").link(to: "d")
            try folder.appending("nowhere").link(to: "gone")
            try folder.appending("circle").link(to: try real(folder).string)
            let found = try paths(folder)
            #expect(found.contains("l relative") && found.contains("l nowhere"))
            #expect(found.contains("d circle") && !found.contains { $0.hasPrefix("f circle/circle") })
            #expect(found.count < 20)
        }
    }

    @Test("the message names the first link and counts the others, and shows no control character")
    func message() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("p")
            try project.makeFolder()
            for name in ["\u{1B}[2J", "b", "c", "d"] { try project.appending(name).link(to: "/etc/passwd") }
            let error = try #require(throws: Failure.self) { try paths(project) }
            #expect(error.message.hasPrefix("?[2J is a link that leads out of the project, to /etc/passwd"))
            #expect(error.message.hasSuffix("(and 3 more such links)"))
            #expect(error.advice?.contains("exclude = [\"?[2J\", \"b\", \"c\" …]") == true)
            #expect(error.advice?.hasSuffix("--follow-links '/etc/passwd' …") == true)
        }
    }

    private func real(_ path: FilePath) throws -> FilePath {
        let real = try #require(realpath(path.string, nil))
        defer { free(real) }
        return FilePath(String(cString: real))
    }
}

extension FilePath {
    fileprivate func link(to target: String) throws {
        try removingLastComponent().makeFolder()
        guard symlink(target, string) == 0 else { throw Errno(rawValue: errno) }
    }
}
