import Diagnostics
import Digests

/// Everything that decides what a dependency is compiled to.
struct DependencyKey: Sendable, Hashable {
    /// The form of keys and entries; another one finds nothing that this one wrote.
    private static let format = "1"

    var name: String
    /// The digest of its sources.
    var sources: String
    /// Facts of the toolchain, and where and how mix runs.
    var platform: [String]
    /// Digests of the configuration that it can read, by application.
    var configuration: [String: String]
    /// Variables of the user's that its sources name, with their values.
    var variables: [String: String]
    /// Stamps of the programs that compile native code, if it has such.
    var nativeTools: [String]
    /// Keys of the dependencies that it sees, by name.
    var seen: [String: String]

    /// The key, in hex digits.
    func digest() throws(Failure) -> String {
        var digest = try MessageDigest()
        try digest.update(DependencyTree.line(Self.format, name, sources))
        for fact in platform { try digest.update(DependencyTree.line("platform", fact)) }
        for tool in nativeTools { try digest.update(DependencyTree.line("tool", tool)) }
        for (kind, pairs) in [("configuration", configuration), ("variable", variables), ("sees", seen)] {
            for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
                try digest.update(DependencyTree.line(kind, name, value))
            }
        }
        return try digest.finish()
    }
}
