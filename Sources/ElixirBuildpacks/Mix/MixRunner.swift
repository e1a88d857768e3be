import BuildpackAPI
import Commands
import Diagnostics
import MixInspection
import ProjectGit
import Synchronization
import SystemPackage
import Toolchains

/// Runs mix and tells what it does.
struct MixRunner {
    struct Outcome {
        var end: Termination
        /// The last 64 KB of the output.
        var output: String
        var diagnostics: [Diagnostic]
        /// The last exception that it printed.
        var exception: MixException?
        var step = MixStep.build
    }

    let runner: any CommandRunner
    let places: MixPlaces
    let environment: MixEnvironment
    let project: MixProject
    let context: BuildContext
    /// What answers the project's code when it asks git.
    var git: ProjectGitAnswers?
    private let nextID = CommandCounter()

    /// What mix builds for: `prod`, unless the user's variables say otherwise.
    var mixEnvironment: String { environment.variables["MIX_ENV"] ?? "prod" }
    /// The folder of the compiled applications, on the machine.
    var compiled: FilePath { places.copy.appending("_build/\(mixEnvironment)/lib") }

    /// What runs mix where nothing of the project is: not its files, its home folder, nor the variables of its build.
    ///
    /// What is made there, other projects may have too.
    /// - Parameter places: folders that no project's code has ever seen.
    func alone(in places: MixPlaces, _ toolchain: Toolchain) -> MixRunner {
        var context = context
        context.platformVariables = ["MIX_ENV": mixEnvironment]
        context.secretNames = []
        context.fetchSecrets = [:]
        let environment = MixEnvironment(
            context, toolchain: toolchain, places: places, usesAgent: false, tools: BuildTools(),
            beams: environment.beams)
        return MixRunner(runner: runner, places: places, environment: environment, project: project, context: context)
    }

    /// - Parameters:
    ///   - arguments: mix's.
    ///   - folder: where, as mix sees it; by default the project's copy.
    ///   - step: what it is for, which decides whether it has the network or the build's secrets.
    ///   - tasks: a script that brings tasks of its own, as mix sees it.
    ///   - room: what this command alone gets.
    /// - Throws: `Failure` when it cannot be started, `CancellationError`.
    func mix(
        _ arguments: [String], in folder: FilePath? = nil, step: MixStep = .build, tasks: FilePath? = nil,
        room: CommandRoom = CommandRoom()
    ) async throws -> Outcome {
        let words = tasks.map { ["elixir", "-r", $0.string, "-S", "mix"] } ?? ["mix"]
        return try await program(words + arguments, in: folder, step: step, room: room)
    }

    /// Runs a program as mix is run.
    /// - Parameter words: its name and its arguments.
    /// - Throws: `Failure` when it cannot be started, `CancellationError`.
    func program(
        _ words: [String], in folder: FilePath? = nil, step: MixStep = .build, room: CommandRoom = CommandRoom()
    ) async throws -> Outcome {
        var command = Command(
            FilePath(words[0]), Array(words.dropFirst()),
            environment: variables(of: step, for: words[0])
                .merging(room.variables) { $1 }.merging(room.secrets) { $1 },
            workingDirectory: folder ?? places.workspace,
            sandbox: places.sandbox(environment.binds, step, more: environment.fetchingBinds))
        command.sandbox?.temporaryFolders += room.memory
        command.sandbox?.binds += room.binds
        git?.put(into: &command)
        let id = nextID.next()
        context.reporter(.commandStarted(id: id, text: command.shellText))
        tellWhole(command, hiding: context.secretNames.union(context.fetchSecrets.keys).union(room.secrets.keys))
        let listener = MixListener(project, places, context.reporter)
        let start = ContinuousClock.now
        let end = try await run(command, listener)
        let status: Int32 =
            switch end {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        var outcome = listener.outcome(end)
        outcome.step = step
        context.reporter(.commandEnded(id: id, status: status, seconds: (ContinuousClock.now - start) / .seconds(1)))
        return outcome
    }

    /// Only mix evaluates the project's configuration; a program that reads a token takes a made-up one for the real one.
    private func variables(of step: MixStep, for program: String) -> [String: String] {
        guard step == .fetch, ["mix", "elixir"].contains(program) else { return environment.variables(of: step) }
        return environment.fetching.merging(environment.standIns) { real, _ in real }
    }

    /// Why a command failed.
    func failure(of command: String, _ outcome: Outcome) -> Failure {
        advised(MixFailure(command, outcome, project, PackageManager(context.environment)).failure, outcome)
    }

    /// The failure of a command, with what its kind of step did not give it.
    func advised(_ failure: Failure, _ outcome: Outcome) -> Failure {
        guard let missing = MixAdvice.lack(of: outcome, context) else { return failure }
        var failure = failure
        failure.advice = failure.advice.map { "\($0)\n\(missing)" } ?? missing
        return failure
    }

    private func run(_ command: Command, _ listener: MixListener) async throws -> Termination {
        do {
            return try await runner.run(command, onOutput: listener.take)
        } catch let error as Failure where error.code == .notRunnable {
            throw Failure(.commandFailed, error.message)
        }
    }

    /// With `DEBUG`, the command as it is run; the lifecycle masks secrets, and here they are not even spelled out.
    private func tellWhole(_ command: Command, hiding hidden: Set<String>) {
        guard BuildSetting.debug.value(in: context.platformVariables) != nil else { return }
        let variables = command.environment.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=" + (hidden.contains(name) ? "[secret]" : ShellWord.quoted(value))
        }
        let sandbox = command.sandbox.map { $0.hasNetwork ? "sandbox with network" : "sandbox without network" }
        let text = """
            + cd \(ShellWord.quoted(command.workingDirectory.string)) && env \(variables.joined(separator: " ")) \
            \(command.shellText)   # \(sandbox ?? "no sandbox")

            """
        context.reporter(.output(text: text, isError: false))
    }
}

/// Counts the commands of a build.
final class CommandCounter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
