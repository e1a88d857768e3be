/// A call of git that only reads: what is left of it once every word is known to be harmless.
package struct GitCall: Sendable, Hashable {
    /// Why a call is not answered.
    package struct Refusal: Error, Hashable, Sendable {
        package var reason: String
    }

    package let subcommand: String
    /// git's arguments: those that were given, without `-C`, and those that keep it from running programs.
    let arguments: [String]
    /// The folders of `-C`, in their order.
    let folders: [String]
    /// Whether git compares the files with what is committed, and so looks into submodules.
    let comparesFiles: Bool
    /// Whether git reads its configuration to answer.
    let readsConfiguration: Bool

    private static let largest = 4096
    private static let most = 200
    private static let globalFlags: Set<String> = [
        "--no-pager", "-P", "--no-optional-locks", "--no-lazy-fetch", "--no-advice", "--git-dir=.git", "--work-tree=.",
    ]

    package init(_ words: [String]) throws(Refusal) {
        guard words.count <= Self.most, words.allSatisfy({ $0.utf8.count <= Self.largest }) else {
            throw Refusal(reason: "it has too many words")
        }
        var rest = words[...]
        var folders: [String] = []
        while let word = rest.first, word.hasPrefix("-"), !["--version", "-v"].contains(word) {
            rest.removeFirst()
            if word == "-C", let folder = rest.popFirst() {
                folders.append(folder)
            } else if !Self.globalFlags.contains(word) {
                throw Refusal(reason: "git \(word) could run a program or lead to another repository")
            }
        }
        let name = rest.popFirst() ?? ""
        self.folders = folders
        subcommand = ["--version", "-v"].contains(name) ? "version" : name
        guard let rule = GitRule.all[subcommand] else {
            let named = name.isEmpty ? "git without a command" : "git \(name)"
            throw Refusal(reason: "\(named) is not one of the commands that only read")
        }
        let (options, operands, paths) = try Self.sort(Array(rest), rule, "git \(subcommand)")
        if let reason = rule.problem(options, operands + paths) { throw Refusal(reason: "git \(subcommand) \(reason)") }
        comparesFiles = rule.comparesFiles(options)
        readsConfiguration = rule.readsConfiguration
        arguments = ["--no-pager", "--no-optional-locks", subcommand] + rule.added + Array(rest)
    }

    /// Sorts the words into options and operands.
    /// - Throws: `Refusal` for an option that is not known to be harmless.
    private static func sort(
        _ words: [String], _ rule: GitRule, _ shown: String
    ) throws(Refusal) -> (options: [String], operands: [String], paths: [String]) {
        var options: [String] = []
        var operands: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" { return (options, operands, Array(rest)) }
            if word == "--end-of-options" { return (options, operands + rest, []) }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            switch rule.option(word) {
            case .flag: options.append(word)
            case .value(let value):
                try check(value, of: word, shown)
                options.append(word)
            case .valueFollows:
                // git may take the next word for an option, so it must not look like one.
                guard let value = rest.popFirst(), !value.hasPrefix("-") else {
                    throw Refusal(reason: "\(word) of \(shown) has no value")
                }
                try check(value, of: word, shown)
                options.append(word)
            case .unknown:
                throw Refusal(reason: "\(word) of \(shown) is not one of the options that only read")
            }
        }
        return (options, operands, [])
    }

    /// Formats may ask for signatures, for which git runs another program.
    private static func check(_ value: String, of option: String, _ shown: String) throws(Refusal) {
        // In dates %G is a year.
        guard !option.hasPrefix("--date") else { return }
        guard value.firstMatch(of: /%[+\- ]?G|%\(\*?signature/) == nil else {
            throw Refusal(reason: "the format of \(shown) asks for a signature, for which git runs a program")
        }
    }
}

/// The words that a command of git may have.
struct GitRule: Sendable {
    enum Option: Equatable {
        case flag
        case value(String)
        /// The next word is its value.
        case valueFollows
        case unknown
    }

    /// Options without a value.
    var flags: Set<String> = []
    /// Options with a value, in the same word or in the next.
    var values: Set<String> = []
    /// Options that may have a value, in the same word.
    var optional: Set<String> = []
    /// Whether `-5` is an option.
    var hasNumbers = false
    /// What is put before the given words.
    var added: [String] = []
    var operands = 0...GitRule.many
    /// Options of which one must be there if there are operands; none: all is well.
    var operandsNeed: Set<String> = []
    /// What the first operand must be, if there is one; none: anything.
    var firstOperands: Set<String> = []
    /// Whether it reads the configuration.
    var readsConfiguration = false
    /// Options that compare files; `nil`: the command always does.
    var comparing: Set<String>? = []

    static let many = 200

    func option(_ word: String) -> Option {
        if flags.contains(word) || optional.contains(word) { return .flag }
        if values.contains(word) { return .valueFollows }
        if hasNumbers, word.wholeMatch(of: /-[0-9]+/) != nil { return .flag }
        if word.hasPrefix("--") {
            guard let equals = word.firstIndex(of: "=") else { return .unknown }
            let name = String(word[..<equals])
            let value = String(word[word.index(after: equals)...])
            return values.contains(name) || optional.contains(name) ? .value(value) : .unknown
        }
        let short = String(word.prefix(2))
        return values.contains(short) || optional.contains(short) ? .value(String(word.dropFirst(2))) : .unknown
    }

    /// Why options and operands do not go together.
    func problem(_ options: [String], _ operands: [String]) -> String? {
        guard self.operands.contains(operands.count) else { return "with these words could change something" }
        if let first = operands.first, !firstOperands.isEmpty, !firstOperands.contains(first) {
            return "\(first) is not one of the commands that only read"
        }
        guard !operands.isEmpty, !operandsNeed.isEmpty else { return nil }
        let names = options.map { $0.hasPrefix("--") ? String($0.prefix { $0 != "=" }) : $0 }
        return operandsNeed.isDisjoint(with: names) ? "with these words would make or change something" : nil
    }

    func comparesFiles(_ options: [String]) -> Bool {
        guard let comparing else { return true }
        return options.contains { comparing.contains(String($0.prefix { $0 != "=" })) }
    }
}
