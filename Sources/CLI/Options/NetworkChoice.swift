import Commands
import Diagnostics
import Lifecycle

/// Which network a build has, by pack's `--network`.
enum NetworkChoice {
    /// As without the option: steps that fetch, and buildpacks of others, have the machine's.
    case machine
    /// No step has any.
    case none
    /// The machine's, asked for by name.
    case named(String)

    /// - Throws: `Failure` of code `usage` for a network of an engine.
    init(_ text: String?) throws(Failure) {
        switch text {
        case nil, "": self = .machine
        case "none": self = .none
        case "host", "default", "bridge": self = .named(text ?? "")
        case let name?:
            throw Failure(
                .usage, "--network \(name): mixpack builds without a container engine, so it cannot join its networks",
                advice: "give --network none, or leave it out: steps that fetch use the machine's network")
        }
    }

    /// Whether no step may have a network.
    var isNone: Bool { if case .none = self { true } else { false } }

    /// Refuses a network where nothing would have it, or where it cannot be taken away.
    /// - Throws: `Failure` of code `usage`.
    func check(hasOthers: Bool, _ sandbox: () async -> SandboxStatus) async throws(Failure) {
        switch self {
        case .machine: return
        case .none:
            guard case .unavailable(let reason, let advice) = await sandbox() else { return }
            throw Failure(.usage, "--network none needs the sandbox, and there is none: \(reason)", advice: advice)
        case .named(let name):
            guard !hasOthers else { return }
            throw Failure(
                .usage,
                "--network \(name) is for buildpacks of others: mixpack's own have the network only in steps that fetch",
                advice: "leave --network out, or give --network none")
        }
    }
}
