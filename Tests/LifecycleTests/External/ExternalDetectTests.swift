import BuildpackAPI
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Detection with external buildpacks")
struct ExternalDetectTests {
    private func build(
        _ bench: TestBench, _ given: [FilePath], builtIn: [any Buildpack] = [],
        change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> [LifecycleEvent] {
        try await bench.build(builtIn) { request in
            request.buildpacks = given.map { .folder($0) }
            change(&request)
        }
    }

    /// A composite in a folder, each group as `id id?`.
    private func composite(_ id: String, _ groups: [String], in parent: FilePath) throws -> FilePath {
        var text = "api = \"0.12\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1.0.0\"\n"
        for group in groups {
            text += "[[order]]\n"
            for member in group.split(separator: " ") {
                let isOptional = member.hasSuffix("?")
                text += "[[order.group]]\nid = \"\(isOptional ? member.dropLast() : member)\"\nversion = \"1.0.0\"\n"
                text += "optional = \(isOptional)\n"
            }
        }
        let folder = parent.appending("composite \(id)")
        try folder.appending("buildpack.toml").write(text)
        return folder
    }

    private func scripts(_ detect: KeyValuePairs<String, String>, in folder: FilePath) throws -> [FilePath] {
        try detect.map { id, script in try ScriptedBuildpack(id, in: folder, detect: script).folder }
    }

    @Test(
        "D7, D8: nobody fits is exit code 20, an error among those that must fit 21; an optional one's does not count",
        arguments: [
            ("100", "0", "a b", 20, "a: "), ("7", "0", "a b", 21, "a@1.0.0: bin/detect ended with status 7"),
            ("7", "100", "a? b", 20, "b: "), ("7", "100", "b a", 21, "b: "), ("7", "0", "a? b", 0, ""),
            ("100", "100", "a? b?", 20, "no buildpack takes part"),
        ])
    func exitCodes(first: String, second: String, group: String, code: Int32, reason: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var given = [try composite("all", [group], in: folder)]
            given += try scripts(["a": "echo A; exit \(first)", "b": "exit \(second)"], in: folder)
            let all = try await optional(bench, given)
            guard code != 0 else {
                #expect(all.report != nil, "\(all.text)")
                return
            }
            let failure = try #require(all.failure)
            #expect(failure.exitCode == code)
            #expect(failure.message.contains(reason), "\(failure.message)")
        }
    }

    /// Builds with the first folder's order alone, its children from the others.
    private func optional(_ bench: TestBench, _ given: [FilePath]) async throws -> [LifecycleEvent] {
        let store = try given.map { try DirectoryBuildpack($0, runner: bench.runner) as any Buildpack }
        return try await bench.build(store, order: [[BuildpackReference(id: "all")]])
    }

    @Test("D3: when nothing passes, the output and the result of every buildpack are told")
    func replay() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var given = [try composite("all", ["a b? c"], in: folder)]
            given += try scripts(["a": "echo one", "b": "echo two; exit 100", "c": "echo three; exit 9"], in: folder)
            let failed = try await optional(bench, given)
            #expect(
                failed.output(of: nil) == """
                    ======== Output: a@1.0.0 ========
                    one
                    ======== Output: b@1.0.0 ========
                    two
                    ======== Output: c@1.0.0 ========
                    three
                    ======== Results ========
                    pass: a@1.0.0
                    skip: b@1.0.0
                    err:  c@1.0.0 (c@1.0.0: bin/detect ended with status 9)

                    """)
            #expect(failed.output(of: "a") == "")
            #expect(failed.output(of: "c") == "three\n")
            try given[3].appending("bin/detect").write("#!/bin/sh\necho fine\n", mode: 0o755)
            #expect(try await optional(bench, given).output(of: nil) == "")
            let store = try given.map { try DirectoryBuildpack($0, runner: bench.runner) as any Buildpack }
            let debug = try await bench.build(store, order: [[BuildpackReference(id: "all")]]) {
                $0.debug = "1"
            }
            #expect(debug.output(of: "b") == "two\n")
        }
    }

    @Test("D4: each buildpack detects once, however many groups have it")
    func once() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let count = folder.appending("count")
            try count.makeFolder()
            var given = [try composite("all", ["a b", "a c", "a d"], in: folder)]
            given += try scripts(
                ["a": "echo x >> /count/a", "b": "exit 100", "c": "exit 100", "d": "exit 0"], in: folder)
            let store = try given.map { try DirectoryBuildpack($0, runner: bench.runner) as any Buildpack }
            let events = try await bench.build(store, order: [[BuildpackReference(id: "all")]]) {
                $0.volumes = [Volume(count, at: "/count", isWritable: true)]
            }
            #expect(events.plan?.group.map(\.id) == ["a", "d"])
            #expect(try count.appending("a").readText() == "x\n")
        }
    }

    @Test("D9: a required buildpack for another target is an error, an optional one is run all the same")
    func targets() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let toml = "[[targets]]\nos = \"plan9\""
            let other = try ScriptedBuildpack("a", in: folder, toml: toml, detect: "exit 0").folder
            let failure = try #require(try await build(bench, [other]).failure)
            #expect(failure.exitCode == 21)
            #expect(failure.message.contains("unable to satisfy target os/arch constraints; run image: linux/"))
            let given = [try composite("all", ["a?"], in: folder), other]
            #expect(try await optional(bench, given).plan?.group.map(\.id) == ["a"])
        }
    }

    @Test("D10: a buildpack for another execution environment is left out, from Buildpack API 0.12 on")
    func executionEnvironments() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try [("a", "0.12", "[\"test\"]"), ("b", "0.11", "[\"test\"]"), ("c", "0.12", "[\"*\"]")].map {
                try ScriptedBuildpack($0, api: $1, in: folder, table: "exec-env = \($2)", detect: "exit 0").folder
            }
            #expect(try await build(bench, given).plan?.group.map(\.id) == ["b", "c"])
            let test = try await build(bench, given) { $0.executionEnvironment = "test" }
            #expect(test.plan?.group.map(\.id) == ["a", "b", "c"])
            #expect(try await build(bench, [given[0]]).failure?.exitCode == 20)
        }
    }

    @Test("D4: composites take their children from other folders; an id that is there already is not taken twice")
    func children() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var given = [try composite("elixir", ["er ex? mr"], in: folder)]
            given += try scripts(["ex": "exit 100", "er": "exit 0", "mr": "exit 0"], in: folder)
            #expect(try await build(bench, given).plan?.group.map(\.id) == ["er", "mr"])
            try given[1].appending("bin/detect").write("#!/bin/sh\n", mode: 0o755)
            #expect(try await build(bench, given).plan?.group.map(\.id) == ["er", "ex", "mr"])
        }
    }

    @Test("A composite that contains itself is exit code 22 and shows the circle")
    func circle() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = [try composite("a", ["b"], in: folder), try composite("b", ["a"], in: folder)]
            let failure = try #require(try await build(bench, given).failure)
            #expect(failure.exitCode == 22)
            #expect(failure.message == "a composite buildpack contains itself: a → b → a")
        }
    }

    @Test("A4: a buildpack that is not there is exit code 22 and names those that are")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let failure = try #require(try await build(bench, [try composite("a", ["b"], in: folder)]).failure)
            #expect(failure.exitCode == 22)
            #expect(failure.message == "no buildpack b@1.0.0")
            #expect(failure.advice == "there are: a@1.0.0")
        }
    }

    @Test("A2: an unknown API is exit code 12, a folder that is none 3, and nothing is run before")
    func api() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let marker = folder.appending("ran")
            var first = StaticBuildpack("first")
            first.make = { _ in
                try marker.write("")
                return BuildResult()
            }
            let odd = try ScriptedBuildpack("a", api: "0.1", in: folder).folder
            let failure = try await bench.build([first]) { $0.buildpacks = [.builder, .folder(odd)] }.failure
            #expect(failure?.exitCode == 12)
            #expect(!marker.isThere)
            let none = try await bench.build([first]) { $0.buildpacks = [.folder(folder.appending("none"))] }.failure
            #expect(none?.exitCode == 3)
        }
    }

    @Test("The same id given and built in: the given one is used, and that is said")
    func sameID() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack("ours", in: folder, build: "touch given").folder
            let events = try await build(bench, [given], builtIn: [StaticBuildpack("ours")])
            #expect(events.report != nil)
            #expect(bench.cache.workspace.appending("given").isThere)
            #expect(events.text.contains("buildpack ours: using the given one, not the built-in one"))
        }
    }

    @Test("The same buildpack given twice: the later folder is used, and that is said")
    func twice() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let one = try ScriptedBuildpack("a", in: folder.appending("1"), build: "touch one").folder
            let two = try ScriptedBuildpack("a", in: folder.appending("2"), build: "touch two").folder
            let events = try await build(bench, [one, two])
            #expect(events.report != nil)
            #expect(try bench.cache.workspace.names() == ["mix.exs", "two"])
            #expect(events.text.contains("buildpack a@1.0.0 is given twice"))
        }
    }

    @Test("A12: buildpacks to be put in front and behind go around every group, but an id is not taken twice")
    func around() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try scripts(["p": "", "q": "", "z": ""], in: folder)
            let events = try await bench.build([StaticBuildpack("ours")]) { request in
                request.firstBuildpacks = [.folder(given[0]), .folder(given[1])]
                request.lastBuildpacks = [.folder(given[2]), .named(BuildpackReference(id: "ours"))]
            }
            #expect(events.plan?.group.map(\.id) == ["p", "q", "ours", "z"])
        }
    }

    @Test("D15: an extension that is given as a buildpack is refused, with exit code 22")
    func extensions() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            try folder.appending("ext/extension.toml").write("api = \"0.10\"\n[extension]\nid = \"e\"")
            let failure = try await build(bench, [folder.appending("ext")]).failure
            #expect(failure?.exitCode == 22)
            #expect(failure?.message.contains("image extension") == true)
        }
    }
}

extension [LifecycleEvent] {
    /// The plan that was settled.
    var plan: ResolvedPlan? {
        compactMap { if case .planResolved(let plan) = $0.kind { plan } else { nil } }.last
    }

    /// The output of one buildpack, or the lifecycle's own.
    func output(of buildpack: String?) -> String {
        compactMap { event in
            if case .output(let output) = event.kind, output.buildpack == buildpack { output.text } else { nil }
        }.joined()
    }
}
