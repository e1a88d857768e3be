import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc
import Lifecycle

/// The program: parses the command line, runs the command, and turns errors into exit codes.
@main
struct Mixpack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixpack",
        abstract: "Turns an Elixir mix project into an OCI image, without a Dockerfile or Docker.",
        usage: "mixpack [<dir>] [<options>], or mixpack <command> [<options>]",
        discussion: """
            Exit codes: 0 done, 1 a check or rule failed, 3 usage, 20 not a mix project, 22 cannot be planned, \
            51 a build command failed, 62 export failed, 130 cancelled.
            """,
        version: ProgramVersion.text,
        subcommands: [
            ConsoleCommand.self, BuildCommand.self, DetectCommand.self, InitCommand.self, ComposeCommand.self,
            InspectCommand.self, RebaseCommand.self, VerifyCommand.self, ImagesCommand.self,
            ReplayCommand.self, ShellCommand.self,
            DoctorCommand.self, BuildpackCommand.self, BuilderCommand.self, CacheCommand.self, IndexCommand.self,
            SbomCommand.self, RunImageCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)

    static func main() async {
        CoreDumps.forbid()
        do {
            let given = try PackWords(Array(CommandLine.arguments.dropFirst()))
            let words = OptionalValues.expanded(given.words)
            if let text = try printedText(for: words) { return print(text) }
            try NearestCommand.check(words)
            try Machine.claimHome(ProcessInfo.processInfo.environment)
            // A table that cannot be read must not send anything to the registries that it leads away from.
            _ = try ConfigurationFile(machine: Machine()).registries()
            var command = try parseAsRoot(words)
            given.notices.forEach(StandardError.write)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let stop as ProgramExit {
            stop.leave()
        } catch let failure as Failure {
            failure.leave()
        } catch {
            leave(with: error)
        }
    }

    /// What a command line prints that asks for help, or for a file that is installed beside the program.
    private static func printedText(for words: [String]) throws -> String? {
        if words == ["--generate-manual"] {
            return try ManualPage(program: .program(), version: ProgramVersion.text).text
        }
        if words.count == 2, words[0] == "--generate-completion-script", let shell = CompletionShell(rawValue: words[1])
        {
            return CompletionScript(shell: shell).text
        }
        return try HelpRequest(words)?.text()
    }

    /// Ends with the parser's own message; a usage error has exit code 3.
    private static func leave(with error: any Error) -> Never {
        let message = fullMessage(for: error)
        if exitCode(for: error) == .success {
            print(message)
            Glibc.exit(0)
        }
        StandardError.tell(message)
        Glibc.exit(exitCode(for: error) == .validationFailure ? ExitCode.usage : ExitCode.ruleBroken)
    }

    private typealias ExitCode = Lifecycle.ExitCode
}

/// The version of mixpack: of the program, and of the buildpacks in it.
enum ProgramVersion {
    static let text = "0.1.0"
}

/// Core dumps: a dump of mixpack's memory, or of mix's, would hold the build's secrets.
enum CoreDumps {
    /// Forbids them to this process and to every program that it starts.
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
