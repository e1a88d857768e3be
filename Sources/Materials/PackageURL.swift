import Text

/// Names a package in the way that scanners go by
/// ([Package-URL specification](https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst)).
package struct PackageURL: Sendable, Hashable, CustomStringConvertible {
    package let type: String
    package let namespace: [String]
    package let name: String
    package let version: String
    /// More about it, such as a checksum; none has an empty value.
    package let qualifiers: [String: String]

    package init(
        _ type: String, namespace: [String] = [], _ name: String, version: String, qualifiers: [String: String] = [:]
    ) {
        self.type = type
        self.namespace = namespace
        self.name = name
        self.version = version
        self.qualifiers = qualifiers.filter { !$0.value.isEmpty }
    }

    /// The text: qualifiers sorted, as the canonical form has them.
    package var description: String {
        let path = (namespace + [name]).map { Self.encoded($0) }.joined(separator: "/")
        let version = version.isEmpty ? "" : "@" + Self.encoded(version)
        let pairs = qualifiers.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value, keeps: "/"))" }
        return "pkg:\(type)/\(path)\(version)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// A colon stays as it is everywhere, a slash in qualifiers.
    private static func encoded(_ text: String, keeps more: Character? = nil) -> String {
        text.split(separator: ":", omittingEmptySubsequences: false).map { part in
            guard let more else { return PercentEncoding.encode(String(part)) }
            return part.split(separator: more, omittingEmptySubsequences: false)
                .map { PercentEncoding.encode(String($0)) }.joined(separator: String(more))
        }.joined(separator: ":")
    }
}

extension PackageURL {
    /// An application of Erlang or Elixir that is in no registry of packages.
    package static func otp(_ name: String, version: String) -> PackageURL {
        PackageURL("otp", name.lowercased(), version: version)
    }

    /// A package of Hex; of a repository besides Hex's own, its address says which.
    /// - Parameters:
    ///   - repository: its name in mix.lock: `hexpm`, `hexpm:ORGANISATION`, or one of the user's.
    ///   - address: where one of the user's repositories is.
    ///   - checksum: what mix.lock has for the package's archive.
    /// - Returns: `nil` for a repository whose address is not known: its packages are not those of Hex.
    package static func hex(
        _ name: String, version: String, repository: String?, address: String?, checksum: String?
    ) -> PackageURL? {
        let parts = (repository ?? "hexpm").split(separator: ":").map(String.init)
        var qualifiers = ["checksum": checksum.map { "sha256:\($0)" } ?? ""]
        if parts.first != "hexpm" {
            guard let address = address.flatMap(RemoteAddress.init) else { return nil }
            qualifiers["repository_url"] = address.text
        }
        let namespace = parts.first == "hexpm" ? parts.dropFirst().map { $0.lowercased() } : []
        return PackageURL("hex", namespace: namespace, name.lowercased(), version: version, qualifiers: qualifiers)
    }

    /// A commit of a git repository; `nil` for one that is only on this machine.
    package static func git(_ url: String, commit: String, name: String, version: String) -> PackageURL? {
        guard let address = RemoteAddress(url) else { return nil }
        let path = address.path.split(separator: "/").map(String.init)
        if address.host == "github.com", path.count == 2 {
            let repository = path[1].hasSuffix(".git") ? String(path[1].dropLast(4)) : path[1]
            return PackageURL(
                "github", namespace: [path[0].lowercased()], repository.lowercased(), version: commit)
        }
        return PackageURL(
            "generic", name, version: version, qualifiers: ["vcs_url": "git+\(address.text)@\(commit)"])
    }

    /// A package of Debian or of what is made from it.
    /// - Parameters:
    ///   - distribution: `ID` of os-release, such as `debian`.
    ///   - release: `VERSION_ID` of os-release.
    ///   - source: the source package, if it has another name; advisories name these.
    package static func deb(
        _ name: String, version: String, architecture: String, distribution: String, release: String?, source: String?
    ) -> PackageURL {
        PackageURL(
            "deb", namespace: [distribution.lowercased()], name.lowercased(), version: version,
            qualifiers: [
                "arch": architecture, "distro": release.map { "\(distribution)-\($0)" } ?? distribution,
                "upstream": source ?? "",
            ])
    }
}
