import Glibc
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

    @Test("of what a recording or a project writes, colours reach the terminal and no other control sequence")
    func harmless() async throws {
        try await Workbench.run { bench in
            let hostile = bench.folder.appending("hostile.jsonl")
            let text = try Self.recording("broken").readText()
            let evil = #"===> \u001b]52;c;ZXZpbA==\u0007\u001b[2J\u001b[?25l\u009b5n\u001b[31mCompiling"#
            try hostile.write(text.replacing("Compiling", with: evil))
            let replayed = try await bench.mixpack.run(["replay", hostile.string]).succeeded()
            let project = try bench.mini()
            try project.appending("lib/loud.ex").write(
                #"IO.puts("\e]0;owned\a\e[?1049h\e[31mred\e[0m\rdone")"# + "\ndefmodule Loud do\nend\n")
            let built = try await bench.tryBuild(project, as: "loud").succeeded()
            #expect(replayed.output.contains("===> \u{1B}[31mCompiling"))
            #expect(built.output.contains("] done\n"), "\(built)")
            for output in [replayed.output, built.output] {
                let left = output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
                #expect(!left.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
                #expect(!left.contains("owned") && !left.contains("ZXZpbA"))
            }
        }
    }

    @Test("--speed plays faster from the start; a speed that is none is refused", .timeLimit(.minutes(1)))
    func speed() async throws {
        try await Workbench.run { bench in
            let file = try Self.recording("umbrella").string
            let terminal = try bench.mixpack.startOnTerminal(["replay", file, "--speed", "64"])
            defer { terminal.endNow() }
            try await terminal.wait(for: "x64")
            try await terminal.wait(for: "built in", within: .seconds(10))
            terminal.send("q")
            #expect(try await terminal.end().status == 0)
            let wrong = try await bench.mixpack.run(["replay", file, "--speed", "0"])
            #expect(wrong.status == 3 && wrong.errorOutput.contains("from 0.25 to 64"), "\(wrong)")
        }
    }

    /// What a whole replay sends to the terminal.
    private static func bytes(
        _ flags: [String], environment: [String: String?] = [:], of bench: Workbench
    ) async throws -> String {
        let arguments = ["replay", try recording("broken").string, "--speed", "64"]
        let terminal = try bench.mixpack.startOnTerminal(arguments + flags, environment: environment)
        defer { terminal.endNow() }
        try await terminal.wait(for: "ERR ")
        // Help has every kind of line and mark.
        terminal.send("?")
        try await terminal.wait(for: "the next phase or command")
        terminal.send(signal: SIGTERM)
        _ = try await terminal.end()
        return terminal.output
    }

    @Test("--ascii sends nothing but ASCII")
    func ascii() async throws {
        try await Workbench.run { bench in
            let plain = try await Self.bytes(["--ascii"], of: bench)
            #expect(plain.utf8.allSatisfy { $0 < 0x80 }, "\(plain.filter { !$0.isASCII })")
            let drawn = try await Self.bytes([], of: bench)
            #expect(drawn.contains("│"))
        }
    }

    @Test(
        "--color decides over what terminal and NO_COLOR say",
        arguments: [
            (["--color", "never"], nil, [], ["3", "4", "9", "38", "48"]),
            (["--color", "auto"], "1", [], ["3", "4", "9", "38", "48"]),
            (["--color", "always"], "1", ["3"], []), (["--color", "16", "--theme", "dark"], nil, ["3"], ["38", "48"]),
            (["--color", "256", "--theme", "dark"], nil, ["38"], []),
        ] as [([String], String?, Set<String>, Set<String>)])
    func colours(flags: [String], refusal: String?, wanted: Set<String>, unwanted: Set<String>) async throws {
        try await Workbench.run { bench in
            let text = try await Self.bytes(flags, environment: ["NO_COLOR": refusal, "COLORTERM": nil], of: bench)
            let kinds = Set(text.matches(of: /\u{1B}\[([0-9;]*)m/).flatMap { Self.kinds(String($0.1)) })
            #expect(wanted.isSubset(of: kinds) && unwanted.isDisjoint(with: kinds), "\(kinds)")
        }
    }

    /// The kinds of colour that one sequence sets: 3 and 4 of the first eight, 9 of the next, 38 and 48 of more.
    private static func kinds(_ parameters: String) -> [String] {
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        if let first = numbers.firstIndex(where: { $0 == 38 || $0 == 48 }) { return ["\(numbers[first])"] }
        return numbers.compactMap { number in
            switch number {
            case 30...37: "3"
            case 40...47: "4"
            case 90...97, 100...107: "9"
            default: nil
            }
        }
    }

    @Test("--no-mouse leaves the mouse to the terminal")
    func mouse() async throws {
        try await Workbench.run { bench in
            let modes = ["?1000h", "?1002h", "?1003h", "?1006h"]
            let without = try await Self.bytes(["--no-mouse"], of: bench)
            for mode in modes { #expect(!without.contains(mode)) }
            let with = try await Self.bytes([], of: bench)
            #expect(modes.contains { with.contains($0) })
        }
    }

    private static func recording(_ name: String) throws -> FilePath {
        try repositoryFolder().appending("samples/recordings/\(name).events")
    }
}
