/// A file of git's configuration, read as git reads it, without includes.
///
/// Source: [git config](https://git-scm.com/docs/git-config#_syntax).
struct GitConfiguration {
    struct Entry: Equatable {
        var section: String
        var subsection: String?
        var name: String
        /// `nil` of a name alone, which means true.
        var value: String?
    }

    private(set) var entries: [Entry] = []

    init(_ text: String) {
        var reader = Reader(text: Array(text.unicodeScalars))
        reader.read()
        entries = reader.entries
    }

    func value(of section: String, _ name: String) -> String? {
        entries.last { $0.section == section && $0.subsection == nil && $0.name == name }?.value
    }

    // MARK: What is harmless

    private static let kept: [String: Set<String>] = [
        "core": [
            "repositoryformatversion", "bare", "filemode", "ignorecase", "precomposeunicode", "symlinks", "autocrlf",
            "eol", "abbrev", "sparsecheckout", "sparsecheckoutcone", "quotepath", "trustctime", "checkstat",
        ],
        "extensions": ["objectformat", "refstorage"],
        "branch": ["remote", "merge"],
        "remote": ["url", "fetch"],
    ]

    /// What git LFS's own filter gives for a file: the pointer that is committed in its place.
    ///
    /// Made by what every system has. Without it each large file that git looks into would count as changed.
    /// [The pointer's format](https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer).
    private static let largeFilePointer = #"""
        f=%f; [ -s "$f" ] || exit 0; \#
        case "$(head -c 43 -- "$f")" in "version https://git-lfs.github.com/spec/v1") exec cat ;; esac; cat >/dev/null; \#
        printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%%s\nsize %%s\n' \#
        "$(sha256sum <"$f" | cut -c 1-64)" "$(stat -L -c %%s -- "$f")"
        """#

    /// What keeps git from running any program of others, whatever asks for one.
    static let fixed = [
        ("core.fsmonitor", "false"), ("core.hooksPath", "/dev/null"), ("core.pager", "cat"),
        ("core.attributesFile", "/dev/null"), ("core.excludesFile", "/dev/null"), ("core.untrackedCache", "false"),
        ("gpg.program", "false"), ("gpg.ssh.program", "false"), ("gpg.x509.program", "false"),
        ("protocol.allow", "never"), ("gc.auto", "0"), ("maintenance.auto", "false"),
        ("filter.lfs.clean", largeFilePointer),
    ]

    /// The configuration reduced to what no program is run for: no hooks, aliases, filters, includes; URLs of remotes
    /// without credentials.
    var harmless: String {
        let own = entries.compactMap { entry -> Entry? in
            guard Self.kept[entry.section]?.contains(entry.name) == true else { return nil }
            guard entry.section == "remote", entry.name == "url" else { return entry }
            var entry = entry
            entry.value = entry.value.flatMap(Self.withoutCredentials)
            return entry.value == nil ? nil : entry
        }
        return own.map(Self.text).joined()
            + Self.fixed.map { name, value in
                let parts = name.split(separator: ".").map(String.init)
                return Self.text(
                    Entry(
                        section: parts[0], subsection: parts.count == 3 ? parts[1] : nil, name: parts[parts.count - 1],
                        value: value))
            }.joined()
    }

    /// A URL without the user's name, password and parameters; `nil` for what is not plainly one.
    static func withoutCredentials(_ url: String) -> String? {
        if let match = url.wholeMatch(of: /(https?|ssh|git):\/\/(?:[^\/]*@)?([^\/@?#]+)([^?#@]*)(?:[?#].*)?/) {
            return "\(match.1)://\(match.2)\(match.3)"
        }
        return url.wholeMatch(of: /git@[A-Za-z0-9.\-]+:[^?#@:]+/) == nil ? nil : url
    }

    private static func text(_ entry: Entry) -> String {
        let subsection = entry.subsection.map { " \"\(escaped($0))\"" } ?? ""
        let value = entry.value.map { " = \"\(escaped($0))\"" } ?? ""
        return "[\(entry.section)\(subsection)]\n\t\(entry.name)\(value)\n"
    }

    private static func escaped(_ text: String) -> String {
        String(
            text.flatMap { character -> String in
                switch character {
                case "\\", "\"": "\\\(character)"
                case "\n", "\r", "\r\n", "\0": " "
                default: String(character)
                }
            })
    }
}

/// Reads the text of a configuration; what it does not understand ends the line.
private struct Reader {
    let text: [Unicode.Scalar]
    var index = 0
    var section = ""
    var subsection: String?
    var entries: [GitConfiguration.Entry] = []

    init(text: [Unicode.Scalar]) { self.text = text }

    private var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    mutating func read() {
        while let scalar = next {
            switch scalar {
            case " ", "\t", "\n", "\r", "\u{FEFF}": index += 1
            case "#", ";": skipLine()
            case "[": readSection()
            default: readEntry()
            }
        }
    }

    private mutating func skipLine() {
        while let scalar = next, scalar != "\n" {
            _ = scalar
            index += 1
        }
    }

    private mutating func word(_ isPart: (Unicode.Scalar) -> Bool) -> String {
        var word = String.UnicodeScalarView()
        while let scalar = next, isPart(scalar) {
            word.append(scalar)
            index += 1
        }
        return String(word)
    }

    private mutating func readSection() {
        index += 1
        section = word { $0 != "]" && $0 != "\"" && $0 != " " && $0 != "\t" && $0 != "\n" }.lowercased()
        subsection = nil
        _ = word { $0 == " " || $0 == "\t" }
        if next == "\"" {
            index += 1
            subsection = quotedWord()
        } else if let dot = section.firstIndex(of: ".") {
            subsection = String(section[section.index(after: dot)...])
            section = String(section[..<dot])
        }
        _ = word { $0 != "]" && $0 != "\n" }
        if next == "]" { index += 1 }
    }

    private mutating func quotedWord() -> String {
        var word = String.UnicodeScalarView()
        while let scalar = next, scalar != "\"", scalar != "\n" {
            index += 1
            guard scalar == "\\", let escaped = next, escaped != "\n" else {
                word.append(scalar)
                continue
            }
            word.append(escaped)
            index += 1
        }
        if next == "\"" { index += 1 }
        return String(word)
    }

    private mutating func readEntry() {
        let name = word { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" }.lowercased()
        _ = word { $0 == " " || $0 == "\t" }
        guard !name.isEmpty, next == "=" else {
            if !name.isEmpty, next == nil || next == "\n" || next == "\r" || next == "#" || next == ";" {
                entries.append(.init(section: section, subsection: subsection, name: name, value: nil))
            }
            return skipLine()
        }
        index += 1
        entries.append(.init(section: section, subsection: subsection, name: name, value: value()))
    }

    private mutating func value() -> String {
        var value = String.UnicodeScalarView()
        var blanks = String.UnicodeScalarView()
        var isQuoted = false
        _ = word { $0 == " " || $0 == "\t" }
        while let scalar = next, isQuoted || (scalar != "#" && scalar != ";"), scalar != "\n" {
            index += 1
            switch scalar {
            case "\"": isQuoted.toggle()
            case "\\": escape(&value, &blanks)
            case " ", "\t", "\r": if isQuoted { value.append(scalar) } else { blanks.append(scalar) }
            default:
                value.append(contentsOf: blanks)
                blanks.removeAll()
                value.append(scalar)
            }
        }
        skipLine()
        return String(value)
    }

    private mutating func escape(_ value: inout String.UnicodeScalarView, _ blanks: inout String.UnicodeScalarView) {
        guard let scalar = next else { return }
        index += 1
        if scalar == "\n" { return }
        value.append(contentsOf: blanks)
        blanks.removeAll()
        switch scalar {
        case "n": value.append("\n")
        case "t": value.append("\t")
        default: value.append(scalar)
        }
    }
}
