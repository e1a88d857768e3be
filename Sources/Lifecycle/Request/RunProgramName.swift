import Diagnostics

/// The name of a program that goes into the image.
package enum RunProgramName {
    /// What is wrong with a name; `nil` if it can be one.
    ///
    /// A path would choose a file of the user's machine, and project.toml comes with the project.
    package static func problem(with name: String) -> String? {
        guard !name.contains("/") else {
            return "\"\(name)\" is a path; programs go in by name, from the system's folders"
        }
        guard let first = name.utf8.first, isWordByte(first) else { return "\"\(name)\" is not a program's name" }
        let isName = name.utf8.allSatisfy { isWordByte($0) || "._+-".utf8.contains($0) }
        return isName ? nil : "\"\(name)\" is not a program's name"
    }

    /// Refuses what cannot be a name.
    /// - Throws: `Failure` of code `usage`.
    package static func check(_ name: String) throws(Failure) {
        guard let problem = problem(with: name) else { return }
        throw Failure(.usage, problem, advice: "for example curl, jq or imagemagick")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
