import Diagnostics

/// A package that can be had, as the mirror's list or the package itself describes it.
package struct PackageRecord: Sendable, Hashable {
    package let name: String
    package let version: PackageVersion
    /// The version of its source: rebuilds are of one processor, sources of all.
    package let sourceVersion: PackageVersion
    package let architecture: String
    /// The bytes of its file; 0 where that is not said.
    package let size: Int64
    /// What dpkg's `status` would say of it, as run images keep it.
    package let status: String

    private static let recorded = ["Source", "Version", "Architecture", "Maintainer", "Homepage"]

    /// The paragraphs of a list; apt's own remarks between them are left out.
    package static func all(in text: String) -> [PackageRecord] {
        text.split(separator: "\n\n").compactMap { PackageRecord(paragraph: $0) }
    }

    /// Reads one paragraph; `nil` where it is not of a package, or its name or version could not be a file's name.
    package init?(paragraph: Substring) {
        var fields: [String: String] = [:]
        for line in paragraph.split(separator: "\n") where line.first != " " && line.first != "\t" {
            guard let colon = line.firstIndex(of: ":"), colon != line.index(after: line.startIndex) else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        guard let name = fields["Package"], let version = fields["Version"], let architecture = fields["Architecture"],
            [name, version, architecture].allSatisfy(Self.isPlain)
        else { return nil }
        self.name = name
        self.version = PackageVersion(version)
        self.architecture = architecture
        sourceVersion = Self.sourceVersion(fields["Source"], of: self.version)
        size = fields["Size"].flatMap { Int64($0) } ?? 0
        let known = Self.recorded.compactMap { key in fields[key].map { "\(key): \($0)\n" } }
        status = (["Package: \(name)\n", "Status: install ok installed\n"] + known).joined()
    }

    /// `gcc-12 (12.2.0-14)`: a source may have a version of its own.
    static func sourceVersion(_ source: String?, of version: PackageVersion) -> PackageVersion {
        let words = (source ?? "").split { " ()@".contains($0) }
        return words.count > 1 ? PackageVersion(String(words[1])) : version.withoutRebuilds
    }

    /// Policy's characters of names and versions.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.first != "." && text.first != "-"
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || "+-.:~".utf8.contains(byte)
            }
    }
}
