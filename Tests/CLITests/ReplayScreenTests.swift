import SystemPackage
import TestSupport
import Testing

/// `mixpack replay` of the recordings among the samples, which are demonstrations too.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ReplayScreenTests {
    @Test("a recording stands still, goes on and goes faster by keys, and stays on its end")
    func keys() async throws {
        try await Workbench.run { bench in
            let terminal = try bench.mixpack.startOnTerminal(["replay", try Self.recording("umbrella").string])
            defer { terminal.endNow() }
            try await terminal.wait(for: "replay x1")
            terminal.send("p")
            try await terminal.wait(for: "paused")
            terminal.send("))p")
            try await terminal.wait(for: "x4")
            try await terminal.wait(for: "===> EXPORTING")
            try await terminal.wait(for: "built in")
            terminal.send("q")
            #expect(try await terminal.end().status == 0)
        }
    }

    @Test("a recording of a build that failed shows where, and the reason is said on leaving")
    func broken() async throws {
        try await Workbench.run { bench in
            let terminal = try bench.mixpack.startOnTerminal(["replay", try Self.recording("broken").string])
            defer { terminal.endNow() }
            terminal.send("))))))")
            try await terminal.wait(for: "✗")
            try await terminal.wait(for: "ERR ")
            terminal.send("q")
            #expect(try await terminal.end().output.contains("build failed: mix release failed"))
        }
    }

    @Test("into a pipe, a recording becomes lines", arguments: ["umbrella", "broken"])
    func lines(name: String) async throws {
        try await Workbench.run { bench in
            let end = try await bench.mixpack.run(["replay", try Self.recording(name).string])
            #expect(end.output.contains("===> BUILDING"))
            #expect(!end.output.contains("\u{1B}"))
        }
    }

    private static func recording(_ name: String) throws -> FilePath {
        try repositoryFolder().appending("samples/recordings/\(name).events")
    }
}
