import Diagnostics
import SystemPackage

/// The words that a platform starts a program of the lifecycle with, by Go's rules: `-x=v`, `-x v`, `--x`; of a boolean `-x` or
/// `-x=true`.
///
/// What follows the last flag are names of images.
///
/// A flag counts more than its variable, and that more than the default. An empty value is as if nothing were given.
struct PlatformWords: Sendable {
    let program: PlatformProgram
    let api: PlatformAPI
    /// The names behind the flags; empty ones are left out.
    private(set) var names: [String] = []

    private var given: [String: [String]] = [:]
    private let environment: [String: String]
    private let known: [PlatformFlag]

    /// Reads the words after the program's name.
    /// - Throws: `Failure` of code `usage` for a flag that is not known, or has no value.
    init(
        _ words: [String], of program: PlatformProgram, api: PlatformAPI, environment: [String: String]
    ) throws(Failure) {
        self.program = program
        self.api = api
        self.environment = environment
        known = PlatformFlag.all.filter { $0.isKnown(to: program, api) }
        var rest = words[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest = rest.dropFirst()
            if word == "--" { break }
            try take(word, &rest)
        }
        names = rest.filter { !$0.isEmpty }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(Failure) {
        let text = word.drop { $0 == "-" }
        let name = String(text.prefix { $0 != "=" })
        var value = text.firstIndex(of: "=").map { String(text[text.index(after: $0)...]) }
        guard word.prefix(3) != "---", let flag = known.first(where: { $0.name == name }) else { throw unknown(name) }
        if flag.kind == .boolean {
            value = value ?? "true"
        } else if value == nil {
            guard let next = rest.popFirst() else { throw Failure(.usage, "-\(name) has no value") }
            value = next
        }
        given[name, default: []].append(value ?? "")
    }

    private func unknown(_ name: String) -> Failure {
        let later = PlatformFlag.all.first { $0.name == name && $0.programs.contains(program) }
        let why = later.map { "; it is one from Platform API \($0.since) on, and this is \(api)" } ?? ""
        return Failure(.usage, "\(program.rawValue) has no flag -\(name)\(why)")
    }

    private func flag(_ name: String) -> PlatformFlag? { known.first { $0.name == name } }

    /// What a variable says; nothing where it is empty.
    private func variable(_ name: String) -> String? {
        flag(name)?.variable.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of a flag; `nil` if nothing is given and there is no default.
    func text(_ name: String) -> String? {
        given[name]?.last { !$0.isEmpty } ?? variable(name) ?? standard(name)
    }

    private func standard(_ name: String) -> String? {
        guard let text = flag(name)?.standard else { return nil }
        guard text.hasPrefix("<layers>") else { return text }
        return (self.text("layers") ?? environment["CNB_LAYERS_DIR"] ?? "/layers") + text.dropFirst("<layers>".count)
    }

    /// The path that a flag gives, from the root of the container.
    func path(_ name: String) -> FilePath? {
        text(name).map { text in
            let path = FilePath(text)
            return path.isAbsolute ? path.lexicallyNormalized() : FilePath("/").pushing(path).lexicallyNormalized()
        }
    }

    /// The members of a flag that may be given several times.
    func list(_ name: String) -> [String] {
        let flags = (given[name] ?? []).filter { !$0.isEmpty }
        guard flags.isEmpty else { return flags }
        return (variable(name) ?? "").split(separator: ",").map(String.init)
    }

    /// Whether a flag is set.
    /// - Throws: `Failure` of code `usage` for a word that says neither yes nor no.
    func truth(_ name: String) throws(Failure) -> Bool {
        guard let text = text(name) else { return false }
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw Failure(.usage, "-\(name) is neither true nor false: \(text)")
        }
    }

    /// The number of a user or a group.
    /// - Throws: `Failure` of code `usage` if there is none, or it is not a number.
    func number(_ name: String) throws(Failure) -> Int {
        let variable = flag(name)?.variable ?? ""
        guard let text = text(name) else {
            throw Failure(.usage, "no -\(name)", advice: "give it, or set \(variable)")
        }
        guard let number = UInt32(text) else { throw Failure(.usage, "-\(name) is not a number: \(text)") }
        return Int(number)
    }
}
