import BuildpackAPI
import Diagnostics

/// Who may reach a running node: what `BP_DISTRIBUTION` says, where the project does not settle it itself.
enum DistributionProfile: String, CaseIterable {
    /// No distribution: no port is open, and `remote`, `rpc`, `stop` and `pid` do not work.
    case none
    /// The container itself: `docker exec … remote` works, nobody else gets in.
    case loopback
    /// Every node that knows the cookie: one fixed port on all interfaces, without epmd.
    case cluster

    /// The profile that the user's variables ask for; `loopback` where they say nothing.
    /// - Throws: `Failure` for a word that is none of them.
    init(_ variables: [String: String]) throws {
        guard let word = BuildSetting.distribution.value(in: variables) else {
            self = .loopback
            return
        }
        guard let profile = Self(rawValue: word) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                .cannotPlan, "\(BuildSetting.distribution.rawValue)=\(word) is not a distribution profile",
                advice: "there are: \(words)", choices: [])
        }
        self = profile
    }
}
