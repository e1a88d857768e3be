import ArgumentParser
import Console
import Diagnostics
import SystemPackage

/// `mixpack shell`: a shell where the project is built.
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Opens a shell in the folder where mix builds a project.",
        discussion: """
            The folder is mixpack's copy of the project, with deps and _build from the last build. \
            mixpack shell -- mix deps.tree runs one command there. The exit code is that of the shell or the command.
            """)

    @Option(
        help: ArgumentHelp("The project's folder; the current one by default.", valueName: "dir"),
        completion: .directory)
    var path: String = "."

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("A command to run instead of the shell, after --.", valueName: "command"))
    var words: [String] = []

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine)
        let status: Int32
        do {
            let command = try BuildShell(wiring: wiring, project: machine.absolute(path)).command(words)
            status = try await TerminalTools(machine: machine, runner: wiring.runner).run(command)
        } catch let failure as Failure {
            throw failure.coded(.usage)
        }
        if status != 0 { throw ProgramExit(code: status) }
    }
}
