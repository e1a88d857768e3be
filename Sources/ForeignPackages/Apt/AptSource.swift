import Diagnostics

/// One place that apt takes packages from, as a line of a `.list` file or a paragraph of a `.sources` file says.
package struct AptSource: Sendable, Hashable {
    /// A field of a paragraph, its lines as they are written.
    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }

    package let addresses: [String]
    package let suites: [String]
    package let components: [String]
    /// Everything else that decides what apt trusts there; never a processor.
    let fields: [Field]

    // MARK: Reading

    /// The entries for packages of a file in apt's older form.
    package static func all(inList text: String) -> [AptSource] {
        text.split(separator: "\n").compactMap { AptSource(line: $0) }
    }

    /// The entries for packages of a file in apt's newer form.
    package static func all(inSources text: String) -> [AptSource] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let paragraphs = lines.filter { $0.first != "#" }.split { $0.allSatisfy(\.isWhitespace) }
        return paragraphs.compactMap { AptSource(paragraph: Array($0)) }
    }

    /// `deb [option=value …] ADDRESS SUITE COMPONENT…`.
    private init?(line: Substring) {
        var words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        guard words.popFirst() == "deb" else { return nil }
        var options: [String] = []
        if words.first?.first == "[" {
            guard let end = words.firstIndex(where: { $0.last == "]" }) else { return nil }
            options = words[...end].joined(separator: " ").dropFirst().dropLast().split(separator: " ").map(String.init)
            words = words[(end + 1)...]
        }
        guard let address = words.popFirst(), let suite = words.popFirst() else { return nil }
        addresses = [address]
        suites = [suite]
        components = Array(words)
        fields = options.compactMap { option in
            guard let sign = option.firstIndex(of: "=") else { return nil }
            let name = String(option[..<sign].prefix { $0 != "+" }.reversed().drop { $0 == "-" }.reversed())
            let value = option[option.index(after: sign)...].replacing(",", with: " ")
            return Self.isKept(name) ? Field(name: name, value: " " + value) : nil
        }
    }

    private init?(paragraph: [Substring]) {
        var fields: [Field] = []
        for line in paragraph {
            if line.first?.isWhitespace == true, let last = fields.popLast() {
                fields.append(Field(name: last.name, value: last.value + "\n" + line))
            } else if let colon = line.firstIndex(of: ":") {
                fields.append(Field(name: String(line[..<colon]), value: String(line[line.index(after: colon)...])))
            }
        }
        func words(_ name: String) -> [String] {
            let value = fields.first { $0.name.lowercased() == name }?.value ?? ""
            return value.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        guard words("types").contains("deb"), !["no", "false", "0"].contains(words("enabled").first ?? "yes"),
            !words("uris").isEmpty, !words("suites").isEmpty
        else { return nil }
        addresses = words("uris")
        suites = words("suites")
        components = words("components")
        self.fields = fields.filter { Self.isKept($0.name) }
    }

    /// Processors are dropped, or another's packages would not be found; languages and kinds of indexes are not needed.
    private static let dropped: Set<String> = [
        "types", "uris", "suites", "components", "enabled", "architectures", "languages", "targets", "arch", "lang",
        "target", "description", "x-repolib-name",
    ]

    private static func isKept(_ name: String) -> Bool { !dropped.contains(name.lowercased()) }

    // MARK: Choosing

    /// Whether it is one of Debian's own, and not somebody's who has more for it.
    /// - Parameters:
    ///   - codename: that of the machine: `bookworm`.
    ///   - origin: who apt's list of an address and suite says it is from, where the machine has that list.
    func isOfDebian(codename: String, origin: (_ address: String, _ suite: String) -> String?) -> Bool {
        let names = [codename, "stable", "testing", "unstable", "sid"]
        let isSuite = suites.allSatisfy { suite in
            names.contains { suite == $0 || suite.hasPrefix($0 + "-") || suite.hasPrefix($0 + "/") }
        }
        guard isSuite, components.contains("main") else { return false }
        for address in addresses {
            for suite in suites {
                if let origin = origin(address, suite) { return origin == "Debian" }
            }
        }
        if fields.contains(where: { $0.name.lowercased() == "signed-by" && $0.value.contains("debian-archive") }) {
            return true
        }
        return addresses.allSatisfy { address in
            address.split(separator: "/").last?.hasPrefix("debian") == true
        }
    }

    /// The entry as a paragraph of a `.sources` file.
    var paragraph: String {
        let known = [
            ("Types", "deb"), ("URIs", addresses.joined(separator: " ")), ("Suites", suites.joined(separator: " ")),
            ("Components", components.joined(separator: " ")),
        ]
        let lines = known.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" } + fields.map { "\($0.name):\($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The hosts, or the scheme of what is on none.
    package var hosts: [String] { addresses.map(AptAddress.host) }
}

/// An address of apt's.
enum AptAddress {
    /// Whether a user's name or password is in it.
    static func hasSecret(_ address: String) -> Bool {
        guard let start = address.firstRange(of: "://")?.upperBound else { return false }
        return address[start...].prefix { $0 != "/" && $0 != "\"" }.contains("@")
    }

    /// The host with its port, or the scheme.
    static func host(_ address: String) -> String {
        let scheme = String(address.prefix { $0 != ":" })
        guard let start = address.firstRange(of: "://")?.upperBound else { return scheme + ":" }
        let host = address[start...].prefix { $0 != "/" }
        let plain = host.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return plain.isEmpty ? scheme + ":" : String(plain)
    }
}
