import Diagnostics

/// The names that Mix takes for a release: `^[a-z][a-z0-9_]*$`.
enum ReleaseName {
    static func check(_ name: String) throws(Failure) {
        if isValid(name) { return }
        throw Failure(
            .invalidReleaseName, "\"\(name)\" cannot be the name of a release", at: Place("mix.exs"),
            advice: "a name is made of lower-case letters, digits and underscores, and begins with a letter",
            choices: [])
    }

    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
