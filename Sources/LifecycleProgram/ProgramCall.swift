import Diagnostics
import Lifecycle
import SystemPackage

/// The call of a program: which one it is, and the words for it.
struct ProgramCall {
    private let program: PlatformProgram?
    private let words: [String]

    init(_ arguments: [String]) {
        let own = FilePath(arguments.first ?? "").lastComponent?.string ?? ""
        let rest = Array(arguments.dropFirst())
        if let named = PlatformProgram(rawValue: own) {
            (program, words) = (named, rest)
        } else {
            (program, words) = (rest.first.flatMap { PlatformProgram(rawValue: $0) }, Array(rest.dropFirst()))
        }
    }

    /// Runs the program.
    /// - Returns: the exit code.
    func run(_ environment: [String: String]) async -> Int32 {
        let api: PlatformAPI
        do {
            api = try PlatformAPI(environment)
        } catch {
            return leave(error, ExitCode.platformAPI)
        }
        if words.contains(where: { ["-version", "--version"].contains($0) }) {
            Output.line("\(ReferenceLifecycle.version)+mixpack")
            return ExitCode.success
        }
        do {
            switch program {
            case .creator:
                return await CreatorProgram(
                    call: try CreatorCall(words, api: api, environment: environment), environment: environment
                ).run()
            case .rebaser:
                return await RebaserProgram(
                    call: try RebaserCall(words, api: api, environment: environment), environment: environment
                ).run()
            case nil:
                let names = PlatformProgram.allCases.map(\.rawValue).joined(separator: " or ")
                throw Failure(
                    .usage, "start this program under the name of what it is to do", advice: "call it \(names)")
            }
        } catch {
            let failure = Failure(error, or: .refused)
            return leave(failure, ExitCode.code(for: failure))
        }
    }

    private func leave(_ failure: Failure, _ code: Int32) -> Int32 {
        Output.error("ERROR: \(failure)")
        return code
    }
}
