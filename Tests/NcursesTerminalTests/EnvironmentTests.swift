import TestSupport
import Testing

@Suite("Terminals and locales", .timeLimit(.minutes(2)))
struct EnvironmentTests {
    @Test(
        "colours are used where there are any, and none with NO_COLOR",
        arguments: ["xterm-256color", "tmux-256color", "linux"])
    func colours(name: String) async throws {
        let coloured = try await Probe.start([], ["TERM": name])
        coloured.send("c")
        try await coloured.wait(for: "chosen")
        #expect(hasColour(coloured.output))
        coloured.endNow()
        let plain = try await Probe.start([], ["TERM": name, "NO_COLOR": "1"])
        plain.send("c")
        try await plain.wait(for: "chosen")
        #expect(!hasColour(plain.output))
        #expect(plain.output.contains("\u{1B}[7m") || plain.output.contains(";7m"))
        plain.endNow()
    }

    @Test("the terminal's own background stays: nothing is painted white on black")
    func background() async throws {
        let terminal = try await Probe.start()
        terminal.send("c")
        try await terminal.wait(for: "chosen")
        #expect(!terminal.output.contains("37;40m"))
        terminal.endNow()
    }

    @Test("wide, combined and joined characters keep the row in step")
    func wideText() async throws {
        let terminal = try await Probe.start()
        terminal.send("w")
        try await terminal.wait(for: "日本e\u{301}✓─👨|")
        terminal.endNow()
    }

    @Test("the Linux console draws lines, and something like the signs that its fonts lack")
    func linuxConsole() async throws {
        let terminal = try await Probe.start([], ["TERM": "linux"])
        terminal.send("w")
        try await terminal.wait(for: "√─")
        terminal.endNow()
    }

    @Test("without a locale text is UTF-8", arguments: ["C", "POSIX", "xx_YY.UTF-8"])
    func noLocale(locale: String) async throws {
        let terminal = try await Probe.start([], ["LC_ALL": locale])
        terminal.send("w")
        try await terminal.wait(for: "日本e\u{301}✓─👨|")
        terminal.send("é")
        try await terminal.wait(for: "#2:key:é;")
        terminal.endNow()
    }

    @Test(
        "unknown terminals of a known kind are drawn on as that",
        arguments: ["xterm-kitty", "xterm-ghostty", "alacritty", "foot"])
    func likeness(name: String) async throws {
        let terminal = try await Probe.start([], ["TERM": name])
        terminal.send("q")
        #expect(try await terminal.end().status == 0)
    }

    @Test(
        "what cannot be drawn on is refused with its reason",
        arguments: [
            ("dumb", "cannot move the cursor"), ("", "TERM is not set"),
            ("no-such-terminal", "no description of the terminal no-such-terminal"),
            ("../../etc/passwd", "not the name of a terminal"),
        ])
    func refused(name: String, reason: String) async throws {
        let terminal = try PseudoTerminal(
            Probe.executable(), environment: Probe.environment.merging(["TERM": name]) { $1 })
        let end = try await terminal.end()
        #expect(end.status == 3)
        #expect(end.output.contains(reason))
        #expect(ScreenModeTracker(terminal.output).used.isEmpty)
        #expect(try await terminal.settings() == Probe.freshSettings())
    }

    @Test("keys come from the terminal when standard input is a pipe")
    func pipedInput() async throws {
        let terminal = try PseudoTerminal(
            findTool("sh"), ["-c", "echo piped | \(try Probe.executable())"], environment: Probe.environment)
        try await terminal.wait(for: "ready:80x24")
        terminal.send("a")
        try await terminal.wait(for: "#1:key:a;")
        terminal.send("q")
        #expect(try await terminal.end().status == 0)
    }

    @Test("without any terminal it is refused")
    func noTerminal() async throws {
        let end = try await run(
            findTool("setsid"), ["-w", Probe.executable().string], environment: Probe.environment)
        #expect(end.status == 3)
        #expect(end.output.contains("no terminal to draw on"))
    }

    private func hasColour(_ output: String) -> Bool {
        output.split(separator: "\u{1B}[").contains { part in
            let codes = part.prefix { $0.isNumber || $0 == ";" }
            guard part.dropFirst(codes.count).first == "m" else { return false }
            return codes.split(separator: ";").contains { code in
                guard let number = Int(code) else { return false }
                return (30...38).contains(number) || (40...48).contains(number) || (90...107).contains(number)
            }
        }
    }
}
