/// Which keys a lookup takes for the one it is asked for.
package enum TOMLKeyMatching: Sendable, Hashable {
    /// The same key only, as TOML has it.
    case exact
    /// Any case of ASCII letters, as the reference lifecycle's reader has it for the files of buildpacks.
    case ignoringCase

    /// Whether one key stands for the other.
    package func matches(_ one: String, _ other: String) -> Bool {
        switch self {
        case .exact: one == other
        case .ignoringCase:
            one.utf8.count == other.utf8.count
                && zip(one.utf8, other.utf8).allSatisfy { Self.folded($0) == Self.folded($1) }
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
