import Glibc
import SystemPackage
import TestSupport
import Testing

/// The whole program on a terminal of its own.
@Suite(.serialized) struct TerminalTests {
    private func start(_ bench: Workbench, _ arguments: [String], in folder: FilePath? = nil) throws -> PseudoTerminal {
        try PseudoTerminal(
            bench.mixpack.executable, arguments, environment: bench.mixpack.environment, workingDirectory: folder)
    }

    /// A project whose build says that it is at work, and then takes a minute.
    private func waiting(_ bench: Workbench) throws -> FilePath {
        try bench.mini { mini in
            mini.files["config/config.exs"] =
                "import Config\nIO.puts(\"config is read\")\nProcess.sleep(60_000)\n"
        }
    }

    @Test("--accessible: from the project to the built image with numbers and lines, nothing moves")
    func accessible() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let terminal = try start(bench, ["--accessible", project.string])
            defer { terminal.endNow() }
            try await terminal.wait(for: "Step 1, project", within: .seconds(60))
            try await terminal.wait(for: "Which release?")
            try await terminal.wait(for: "Number [")
            terminal.send("2\n")
            try await terminal.wait(for: "Name of the image")
            terminal.send("web\n")
            try await terminal.wait(for: "Step 3, variables and secrets")
            try await terminal.wait(for: "SECRET_KEY_BASE")
            try await terminal.wait(for: "Number [")
            let number = try #require(
                terminal.plainText.split(separator: "\n").last { $0.contains("SECRET_KEY_BASE") }?
                    .split(separator: ".").first?.split(separator: " ").last)
            terminal.send("\(number)\n")
            try await terminal.wait(for: "type it")
            try await terminal.wait(for: "Number [")
            terminal.send("1\n")
            try await terminal.wait(for: "not shown while you type: ")
            terminal.send("hunter2-hunter3\u{7F}2\n")
            try await terminal.wait(for: "SECRET_KEY_BASE is set, 15 characters")
            try await terminal.wait(for: "Number [")
            terminal.send("1\n")
            try await terminal.wait(for: "Build web now?")
            terminal.send("y\n")
            try await terminal.wait(for: "phase: exporting", within: .seconds(120))
            try await terminal.wait(for: "Step 5, image: web", within: .seconds(60))
            try await terminal.wait(for: "Number [")
            terminal.send("0\n")
            let end = try await terminal.end()
            #expect(end.status == 0, "\(end)")
            #expect(!terminal.output.contains("\u{1B}"), "no cursor movement, no colours")
            #expect(!terminal.output.contains("hunter"))
            #expect(try terminal.settings() == PseudoTerminal(findTool("true")).settings())
        }
    }

    @Test("d goes on as plain lines on the normal screen, Enter brings the console back, Ctrl-C cancels")
    func detach() async throws {
        try await Workbench.run { bench in
            let project = try waiting(bench)
            let terminal = try start(bench, ["build", "mini", "--path", project.string])
            defer { terminal.endNow() }
            try await terminal.wait(for: "config is read", within: .seconds(60))
            terminal.send("d")
            try await terminal.wait(for: "detached: the build continues")
            try await terminal.wait(for: "===> BUILDING")
            terminal.send("\r")
            try await terminal.wait(for: "4 Build")
            terminal.send("d")
            try await terminal.wait(for: "detached: the build continues")
            terminal.send("\u{3}")
            try await terminal.wait(for: "cancelled; the image and the cache have not changed")
            let end = try await terminal.end()
            #expect(end.status == 130, "\(end)")
            #expect(try terminal.settings() == PseudoTerminal(findTool("true")).settings())
        }
    }

    /// An interactive shell, which has job control.
    private func shell(_ bench: Workbench) async throws -> PseudoTerminal {
        let shell = try PseudoTerminal(
            findTool("bash"), ["--norc", "-i"], environment: bench.mixpack.environment, workingDirectory: bench.folder)
        shell.send("PS1='ready> '\n")
        try await shell.wait(for: "ready> ")
        return shell
    }

    /// Presses Ctrl-Z once the build is at work, and waits until its machines stand still.
    private func stopBuild(in shell: PseudoTerminal) async throws {
        try await shell.wait(for: "config is read", within: .seconds(60))
        shell.send("\u{1A}")
        try await shell.wait(for: "Stopped")
        try await eventually("the build's processes to stand still", within: .seconds(10)) {
            let states = try machineStates(below: shell.id)
            return !states.isEmpty && states.allSatisfy { $0 == "T" }
        }
    }

    @Test("the build's commands stand still with mixpack on Ctrl-Z, and go on with it")
    func stops() async throws {
        try await Workbench.run { bench in
            let project = try waiting(bench)
            let shell = try await shell(bench)
            defer { shell.endNow() }
            shell.send("\(bench.mixpack.executable) build mini --path '\(project)'\n")
            try await stopBuild(in: shell)
            shell.send("fg\n")
            try await shell.wait(for: "4 Build")
            try await eventually("the build's processes to go on", within: .seconds(10)) {
                try machineStates(below: shell.id).contains { $0 != "T" }
            }
            shell.send("\u{3}")
            try await shell.wait(for: "Cancel the build?")
            shell.send("y")
            try await shell.wait(for: "cancelled; the previous image is unchanged")
            shell.send("Q")
            try await shell.wait(for: "ready> ")
            shell.send("exit\n")
            _ = try await shell.end()
        }
    }

    @Test("Ctrl-Z stops a build that is told in lines with its commands, and fg brings it to its good end")
    func stopsPlainly() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] =
                    "import Config\nIO.puts(\"config is read\")\nProcess.sleep(3_000)\n"
            }
            let shell = try await shell(bench)
            defer { shell.endNow() }
            shell.send("'\(bench.mixpack.executable)' build mini --path '\(project)' --ui plain; echo ended-$?\n")
            try await stopBuild(in: shell)
            shell.send("fg; echo ended-$?\n")
            try await shell.wait(for: "===> EXPORTING", within: .seconds(60))
            try await shell.wait(for: "ended-0")
            shell.send("exit\n")
            _ = try await shell.end()
        }
    }

    /// The states of the Erlang machines that a process has started, as letters: `T` stands still.
    private func machineStates(below root: Int32) throws -> [Character] {
        let all = try FilePath("/proc").names().compactMap { Int32($0) }.compactMap { id -> Process? in
            guard let stat = try? FilePath("/proc/\(id)/stat").readText() else { return nil }
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 1, let state = fields[0].first, let parent = Int32(fields[1]) else { return nil }
            return Process(id: id, parent: parent, state: state, isMachine: stat.contains("(beam.smp)"))
        }
        var family: Set = [root]
        var count = 0
        while count != family.count {
            count = family.count
            family.formUnion(all.filter { family.contains($0.parent) }.map(\.id))
        }
        return all.filter { family.contains($0.id) && $0.isMachine }.map(\.state)
    }

    private struct Process {
        let id: Int32
        let parent: Int32
        let state: Character
        let isMachine: Bool
    }

    @Test("--watch builds again when a file is saved")
    func watch() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let program = try bench.mixpack.start(["build", "hello", "--path", project.string, "--watch", "--ui=plain"])
            try await eventually("the first image: \(program.output)", within: .seconds(90)) {
                program.output.contains("watching \(project)")
            }
            let source = project.appending("lib/hello.ex")
            let names = try project.appending("lib").names()
            let file = names.contains("hello.ex") ? source : project.appending("lib/\(names.first ?? "")")
            try file.write(try file.readText() + "\n# saved\n")
            try await eventually("the second build: \(program.output)", within: .seconds(90)) {
                program.output.components(of: "===> EXPORTING") == 2
            }
            #expect(program.output.contains("\nlib/\(file.lastComponent?.string ?? "") was saved\n"))
            program.send(SIGTERM)
            _ = try await program.end()
        }
    }
}

extension String {
    /// How often a text is in this one.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
