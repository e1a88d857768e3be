/// Where mix.lock says that a dependency comes from.
package struct LockedPackage: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// A package of Hex: its name there, its version, its repository (`nil` is Hex's own), and the checksum of its archive.
        case hex(package: String, version: String, repository: String?, checksum: String?)
        case git(url: String, commit: String)
    }

    /// The dependency's name, which is its application's.
    package let name: String
    package let origin: Origin

    /// What a lock file pins, by name; entries of a shape that is not known are left out.
    package static func all(in bytes: [UInt8]) -> [String: LockedPackage] {
        var reader = ElixirReader(ElixirTokenizer.tokens(of: bytes))
        let packages = reader.readValue(inBrackets: true).pairs.compactMap { name, value in
            origin(value).map { (name, LockedPackage(name: name, origin: $0)) }
        }
        return Dictionary(packages) { $1 }
    }

    private static func origin(_ value: ElixirValue) -> Origin? {
        guard case .tuple(let parts) = value, parts.count >= 3 else { return nil }
        switch parts[0].atom {
        case "hex":
            guard let package = parts[1].atom, let version = parts[2].string else { return nil }
            let texts = parts.dropFirst(6).map(\.string)
            // Hex before 0.20 wrote no checksum of the whole archive, only one of what is in it.
            return .hex(
                package: package, version: version, repository: texts.first ?? nil,
                checksum: texts.dropFirst().first.flatMap(\.self).flatMap(checksum))
        case "git":
            guard let url = parts[1].string, let commit = parts[2].string else { return nil }
            return .git(url: url, commit: commit)
        default: return nil
        }
    }

    private static func checksum(_ text: String) -> String? {
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) ? text.lowercased() : nil
    }
}
