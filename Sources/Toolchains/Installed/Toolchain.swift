import Files
import SystemPackage

/// The Erlang and Elixir that are installed on this machine.
package struct Toolchain: Sendable, Hashable {
    /// Elixir's version, for example `1.14.0`.
    package var elixirVersion: String
    /// Erlang/OTP's version, for example `25.2.3`.
    package var otpVersion: String
    /// The runtime system's version, for example `13.1.5`.
    package var ertsVersion: String
    /// Elixir's folder, the one with `bin` and `lib`.
    package var elixirRoot: FilePath
    /// Erlang's folder, the one with `erts-*` and `lib`.
    package var erlangRoot: FilePath

    /// The folders that a sandbox shows for the toolchain's sake, besides those of the system that every sandbox has.
    ///
    /// One that links lead to is named by both its paths: programs keep the one that they were installed by.
    package var folders: [FilePath] {
        var folders: [FilePath] = []
        for root in [elixirRoot, erlangRoot] {
            for path in [root, root.realPath ?? root]
            where !Self.isSystem(path.string) && !folders.contains(path) { folders.append(path) }
        }
        return folders
    }

    /// Whether every sandbox shows a path of the machine.
    package static func isSystem(_ path: String) -> Bool {
        ["/usr/", "/bin", "/sbin", "/lib", "/nix/store/"].contains(where: path.hasPrefix)
    }
}

extension Toolchain: Codable {
    private enum CodingKeys: String, CodingKey {
        case elixirVersion, otpVersion, ertsVersion, elixirRoot, erlangRoot
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            elixirVersion: try fields.decode(String.self, forKey: .elixirVersion),
            otpVersion: try fields.decode(String.self, forKey: .otpVersion),
            ertsVersion: try fields.decode(String.self, forKey: .ertsVersion),
            elixirRoot: FilePath(try fields.decode(String.self, forKey: .elixirRoot)),
            erlangRoot: FilePath(try fields.decode(String.self, forKey: .erlangRoot)))
    }

    /// Writes the toolchain; folders are texts, since a path would write its storage byte by byte.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(elixirVersion, forKey: .elixirVersion)
        try fields.encode(otpVersion, forKey: .otpVersion)
        try fields.encode(ertsVersion, forKey: .ertsVersion)
        try fields.encode(elixirRoot.string, forKey: .elixirRoot)
        try fields.encode(erlangRoot.string, forKey: .erlangRoot)
    }
}
