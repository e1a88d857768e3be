import Diagnostics
import Digests
import Files
import SystemPackage
import Toolchains

/// What tells one toolchain from another on whatever machine: the versions, and the bytes of what compiles.
struct ToolchainIdentity {
    /// The applications whose code decides what a dependency is compiled to.
    private static let erlangApplications = ["compiler", "stdlib", "kernel", "parsetools"]

    let words: [String]

    /// Reads the compiler's files, some ten megabytes.
    init(_ toolchain: Toolchain) throws(Failure) {
        var digest = try MessageDigest()
        let elixir = toolchain.elixirRoot.appending("lib")
        for name in elixir.names { try Self.add(elixir.appending(name).appending("ebin"), named: name, to: &digest) }
        let erlang = toolchain.erlangRoot.appending("lib")
        for name in erlang.names where Self.erlangApplications.contains(String(name.prefix { $0 != "-" })) {
            try Self.add(erlang.appending(name).appending("ebin"), named: name, to: &digest)
        }
        words = [
            "elixir \(toolchain.elixirVersion)", "erlang \(toolchain.otpVersion) (erts \(toolchain.ertsVersion))",
            try digest.finish(),
        ]
    }

    private static func add(
        _ folder: FilePath, named name: String, to digest: inout MessageDigest
    ) throws(Failure) {
        for file in folder.names where file.hasSuffix(".beam") || file.hasSuffix(".app") {
            let content = try MessageDigest.hex(ofFile: folder.appending(file))
            try digest.update(DependencyTree.line(name, file, content))
        }
    }
}
