import MixInspection

/// A variable on the Secrets screen: who reads it, and what it is to be.
struct SecretRow: Sendable {
    /// What a row is called by: the same name may be read while building and while running.
    struct Identity: Sendable, Hashable {
        var name: String
        var phase: ProjectVariable.Phase
    }

    /// Where a value came from.
    enum Origin: Sendable, Hashable {
        case typed, generated, kept
        case environment
        case flag
        case file(String)
        case command(String)

        /// Whether what comes from there is a secret, whatever its variable is called.
        var isSecret: Bool {
            switch self {
            case .generated, .command: true
            case .typed, .kept, .environment, .flag, .file: false
            }
        }

        var text: String {
            switch self {
            case .typed: "typed"
            case .generated: "generated"
            case .kept: "last time"
            case .environment: "environment"
            case .flag: "command line"
            case .file(let name): name
            case .command(let command): "command: \(command)"
            }
        }
    }

    var identity: Identity
    /// The places that read it; empty for one that the user added.
    var uses: [ProjectVariable]
    /// Whether the value must never be shown.
    var isSecret: Bool
    var value: SecretValue?
    var origin: Origin?
    /// What went wrong when the value was last asked for.
    var problem: String?

    var name: String { identity.name }
    /// The strongest need among its uses.
    var need: ProjectVariable.Need {
        let order: [ProjectVariable.Need] = [.required, .conditional, .default, .flag, .optional]
        return order.first { need in uses.contains { $0.need == need } } ?? .optional
    }
    var isMissing: Bool { value == nil && need == .required }

    /// What may be shown of the value: the value itself where it is no secret, else its length.
    var shown: String {
        if value == nil, let source = origin?.source, problem == nil {
            return source == .environment ? "`f` reads it" : "`f` fetches it"
        }
        guard let value else { return uses.compactMap(\.shownDefault).first.map { "default \($0)" } ?? "not set" }
        return isSecret ? value.description : value.withValue { $0 }
    }
}
