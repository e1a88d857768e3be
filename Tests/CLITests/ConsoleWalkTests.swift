import SystemPackage
import TestSupport
import Testing

/// The whole job as a new user does it: the real program in a real terminal, by keys alone.
@Suite("The console, walked by keys", .serialized, .timeLimit(.minutes(5)))
struct ConsoleWalkTests {
    private static let typed = "correct-horse-battery-staple-correct-horse-battery-staple-and-more"
    private static let modes =
        "#{alternate_on} #{cursor_flag} #{insert_flag} #{keypad_flag} #{keypad_cursor_flag} #{mouse_any_flag} "
        + "#{mouse_sgr_flag} #{origin_flag} #{wrap_flag}"

    @Test("from Project over Release, Secrets and a real build to a layer's files, and back to the shell")
    func walk() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella, as: "shop")
            let bytes = bench.folder.appending("terminal.bytes")
            try await TmuxSession.run(
                findTool("bash"), ["--norc", "--noprofile", "-i"], environment: Self.environment(bench),
                workingDirectory: project, in: bench.folder
            ) { session in
                let before = try await Self.settings(session, "before")
                try await session.keepOutput(in: bytes)
                try await session.type("clear; echo what-was-here; \(bench.mixpack.executable) .")
                try await session.press("Enter")
                try await chooseRelease(session)
                try await setSecret(session)
                try await build(session)
                try await openLayer(session)
                try await leave(session)
                #expect(try await Self.settings(session, "after") == before)
            }
            try await expectNoSecret(bytes: bytes, bench)
        }
    }

    @Test("a build that fails shows the source; E mends it and r builds again")
    func failureToRetry() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello, as: "hello")
            let file = project.appending("lib/broken.ex")
            try file.write("defmodule Broken do\n  def go, do: nowhere()\nend\n")
            // A path with blanks in it would be several words of the command.
            try project.appending("editor").write("#!/bin/sh\nsed -i 's/nowhere()/:here/' \"$2\"\n", mode: 0o700)
            var environment = Self.environment(bench)
            environment["EDITOR"] = "./editor"
            environment["VISUAL"] = .some(nil)
            try await TmuxSession.run(
                bench.mixpack.executable, ["."], environment: environment, workingDirectory: project,
                in: bench.folder
            ) { session in
                try await session.wait(for: "[1 Project]")
                try await session.press("b")
                try await session.wait(for: "Stopped: lib/broken.ex:2", within: .seconds(60))
                try await session.wait(for: "▸ 2 │   def go, do: nowhere()")
                try await session.press("E")
                try await session.wait(for: "▸ 2 │   def go, do: :here")
                try await session.press("r")
                try await session.wait(for: "built in", within: .seconds(60))
            }
        }
    }

    private func chooseRelease(_ session: TmuxSession) async throws {
        try await session.wait(for: "umbrella of 3 applications")
        try await session.wait(for: "wants ~> 1.14 (mix.exs)")
        let project = try await session.screen()
        for text in ["[1 Project]", "├─ core", "├─ web", "└─ worker", "Buildpacks, in order", "?:help"] {
            #expect(project.contains(text), "\(text) in\n\(project)")
        }
        try await session.wait(for: "SECRET_KEY_BASE")
        try await session.press("Enter")
        try await session.wait(for: "[2 Release]")
        try await session.wait(for: "web_rel 0.2.0")
        try await session.press("g", "Space")
        try await session.wait(for: "(x) web_rel 0.2.0")
        let release = try await session.screen()
        #expect(release.contains("( ) worker_rel"), "\(release)")
        let words = release.split { $0.isWhitespace || $0 == "│" }.joined(separator: " ")
        #expect(words.contains("--release web_rel"), "\(release)")
    }

    private func setSecret(_ session: TmuxSession) async throws {
        try await session.wait(for: "Enter:Secrets ▸")
        try await session.press("Enter")
        try await session.wait(for: "1 required and not set")
        try await session.press("e")
        try await session.wait(for: "Enter:accept")
        try await session.type(Self.typed)
        try await session.wait(for: "(\(Self.typed.count) chars)")
        try await session.press("Enter")
        try await session.wait(for: "✓ SECRET_KEY_BASE run   ••• (\(Self.typed.count) chars)")
        try await session.press("s")
        try await session.wait(for: "✓ SECRET_KEY_BASE run   ••• (64 chars)")
        #expect(try await session.screen().contains("generated"))
    }

    private func build(_ session: TmuxSession) async throws {
        try await session.wait(for: "Enter:Build ▸")
        try await session.press("Enter")
        try await session.wait(for: "[4 Build]")
        try await session.wait(for: "✓ shop:latest built in", within: .seconds(150))
        let end = try await session.screen()
        #expect(end.contains("✓analyze") && end.contains("✓export"), "\(end)")
        #expect(end.contains("===> EXPORTING"), "\(end)")
        #expect(!end.contains("===> ANALYZING"), "the log should be longer than its pane:\n\(end)")
        try await session.press("g")
        try await session.wait(for: "===> ANALYZING")
        try await session.press("G")
        try await session.wait(for: "===> EXPORTING")
        try await session.press("/")
        try await session.type("compiling [0-9]+ files")
        try await session.press("Enter")
        try await session.wait(for: "/compiling [0-9]+ files  1 of 3")
        try await session.press("n")
        try await session.wait(for: "2 of 3")
        #expect(try await session.screen().contains("Compiling 4 files (.ex)"))
    }

    private func openLayer(_ session: TmuxSession) async throws {
        try await session.wait(for: "Enter:Image ▸")
        try await session.press("Enter")
        try await session.wait(for: "[5 Image]")
        // The cursor starts on the largest layer that is new.
        try await session.wait(for: "Files of base")
        for layer in ["base-native", "sbom"] {
            try await session.press("j")
            try await session.wait(for: "Files of \(layer)")
        }
        try await session.press("j")
        try await session.wait(for: "Files of release")
        try await session.press("Enter")
        try await session.wait(for: "→ ../base/erts")
        try await session.press("&")
        try await session.type("web_rel$|sys")
        try await session.press("Enter")
        try await session.wait(for: "sys.config")
        let files = try await session.screen()
        #expect(files.contains("web_rel"), "\(files)")
    }

    private func leave(_ session: TmuxSession) async throws {
        try await session.press("Q")
        // The lines before it may have scrolled away: their number grows with the length of the paths.
        try await session.wait(for: "Run it (it needs SECRET_KEY_BASE)")
        let screen = try await session.screen()
        #expect(screen.contains("sha256:"), "\(screen)")
        #expect(screen.contains("-e SECRET_KEY_BASE"), "\(screen)")
    }

    /// The terminal's settings and modes, asked of the shell and of tmux.
    private static func settings(_ session: TmuxSession, _ when: String) async throws -> String {
        // What is typed has another text than what is printed.
        try await session.type("printf '%s:%s:%s:end\\n' \(when) \"$?\" \"$(stty -g)\"")
        try await session.press("Enter")
        try await session.wait(for: "\(when):0:")
        try await session.wait(for: ":end\n")
        let screen = try await session.screen().filter { $0 != "\n" }
        let settings = screen.split(separator: "\(when):0:").last?.split(separator: ":end").first ?? "none"
        return try await settings + " " + session.fact(modes)
    }

    /// Neither what was typed nor what was generated was ever sent to the terminal or written to a file.
    private func expectNoSecret(bytes: FilePath, _ bench: Workbench) async throws {
        let sent = plainTerminalText(try bytes.readText())
        #expect(sent.contains("•••"))
        #expect(!sent.contains("battery"))
        #expect(try await filesHolding("battery", in: bench.folder) == [])
        // A generated value is 64 characters of base64, where digests are of hexadecimal digits.
        let words = sent.split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "+" || $0 == "/") }
        let strange = words.filter { word in
            word.count >= 32 && !word.contains("/") && !word.allSatisfy(\.isHexDigit)
        }
        #expect(strange == [])
    }

    private static func environment(_ bench: Workbench) -> [String: String?] {
        bench.mixpack.merged(with: ["TERM": "tmux-256color", "PS1": "$ ", "HISTFILE": nil])
    }
}
