/// Where the value of a secret comes from: kept from one start to the next, which the value never is.
package enum SecretSource: Sendable, Hashable, Codable {
    /// The first line that a command prints, such as `pass show shop`.
    case command(String)
    /// A file of `NAME=VALUE` lines.
    case file(String)
    /// A variable of mixpack's own environment, of the same name.
    case environment
}

extension SecretRow.Origin {
    init(_ source: SecretSource) {
        switch source {
        case .command(let command): self = .command(command)
        case .file(let path): self = .file(path)
        case .environment: self = .environment
        }
    }

    /// What a value can be fetched from again.
    var source: SecretSource? {
        switch self {
        case .command(let command): .command(command)
        case .file(let path): .file(path)
        case .environment: .environment
        case .typed, .generated, .kept, .flag: nil
        }
    }
}
