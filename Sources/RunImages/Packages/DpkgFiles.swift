import Files
import SystemPackage

/// Which files of /etc packages brought and what they had in them, as dpkg's `status` says: path and MD5.
struct ConfigurationFiles {
    private let digests: [Substring: Substring]

    init(status: String) {
        var digests: [Substring: Substring] = [:]
        var isListing = false
        for line in status.split(separator: "\n") {
            guard line.utf8.first == UInt8(ascii: " ") else {
                isListing = line == "Conffiles:"
                continue
            }
            guard isListing else { continue }
            let words = line.split(separator: " ")
            // The third word, where there is one, says that no package has it any more.
            if words.count == 2 { digests[words[0]] = words[1] }
        }
        self.digests = digests
    }

    /// The MD5 of a file as its package brought it.
    subscript(path: String) -> String? { digests[path[...]].map(String.init) }
}

/// Files of packages that dpkg put elsewhere, because another package or the administrator has one of that name.
struct Diversions {
    private struct Diversion {
        let target: String
        let package: String
    }
    private let diversions: [String: Diversion]

    /// Reads dpkg's file `diversions`: three lines for each, the path, where it is now, and for which package.
    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var diversions: [String: Diversion] = [:]
        for start in stride(from: 0, to: lines.count - 2, by: 3) {
            diversions[lines[start]] = Diversion(target: lines[start + 1], package: lines[start + 2])
        }
        self.diversions = diversions
    }

    /// Where a package's file is; `nil` if it is at its own path.
    func place(of path: String, from package: String) -> String? {
        guard let diversion = diversions[path], diversion.package != package else { return nil }
        return diversion.target
    }
}

/// The links of Debian's alternatives, such as `/usr/bin/awk`: no package lists them.
struct Alternatives {
    /// The link, and the name in /etc/alternatives that it leads to.
    let links: [(link: String, name: String)]

    /// Reads dpkg's folder `alternatives`.
    init(folder: FilePath) {
        links = folder.names.flatMap { Self.links(folder.appending($0).text ?? "", master: $0) }
    }

    /// A file says how it is chosen, the link, then name and link of each that follows the first, then an empty line.
    private static func links(_ text: String, master: String) -> [(link: String, name: String)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count > 2 else { return [] }
        let slaves = lines.dropFirst(2).prefix { !$0.isEmpty }
        let pairs = stride(from: slaves.startIndex, to: slaves.endIndex - 1, by: 2).map { (slaves[$0 + 1], slaves[$0]) }
        return [(lines[1], master)] + pairs
    }
}
