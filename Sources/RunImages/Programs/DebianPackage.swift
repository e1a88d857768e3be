import Text

/// A package of Debian, or of what is made from it, as an image says that it has it.
package struct DebianPackage: Sendable, Hashable {
    package let name: String
    package let version: String
    package let architecture: String
    /// The source package, if it has another name or version: `glibc`, `gcc-12@12.2.0-14`.
    package let source: String?

    /// The installed packages that dpkg's `status`, or a file of `status.d`, lists.
    package static func all(in text: String) -> [DebianPackage] {
        text.split(separator: "\n\n").compactMap { DebianPackage(paragraph: $0) }
    }

    private init?(paragraph: Substring) {
        var fields: [Substring: Substring] = [:]
        for line in paragraph.split(separator: "\n") where line.first != " " {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
        }
        guard let name = fields["Package"], let version = fields["Version"] else { return nil }
        // Files of status.d need not say so.
        if let status = fields["Status"], !status.hasSuffix(" installed") { return nil }
        self.name = String(name)
        self.version = String(version)
        architecture = fields["Architecture"].map(String.init) ?? "all"
        source = fields["Source"].map { text in
            let words = text.split { " ()".contains($0) }
            return words.joined(separator: "@")
        }
    }
}
