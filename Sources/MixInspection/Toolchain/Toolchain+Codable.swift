import SystemPackage

extension Toolchain: Codable {
    private enum CodingKeys: String, CodingKey {
        case elixirVersion, otpVersion, ertsVersion, elixirRoot, erlangRoot
    }

    /// Reads a toolchain; folders are texts.
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
