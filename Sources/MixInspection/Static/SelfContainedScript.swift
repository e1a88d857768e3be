import Files
import SystemPackage

/// Tells whether a script of Elixir can only say what stands in it.
///
/// It may call its own functions and those of a few modules that work on values. Whatever else it calls could ask the
/// machine, the clock or another file, so nothing is known of it; neither is of a call whose module is a value.
struct SelfContainedScript {
    /// What a script may do besides working on values.
    struct Allowance {
        var functions: Set<String>
        /// The modules that it may `use` or `import`.
        var brought: Set<String>
        /// Words that are barred otherwise.
        var words: Set<String> = []

        /// What the environment of mix decides.
        private static let environment: Set<String> = ["Mix.env", "Mix.target"]

        static let mixFile = Allowance(
            functions: environment.union(["Mix.compilers"]), brought: ["Mix.Project"])
        /// For a configuration that is read in a sandbox, where the project always has the same place.
        static let configuration = Allowance(
            functions: environment.union([
                "Path.basename", "Path.dirname", "Path.expand", "Path.join", "Mix.Project.build_path",
                "Mix.Project.deps_path",
            ]),
            brought: ["Config", "Mix.Config"], words: ["__DIR__"])
    }

    private static let modules: Set<String> = [
        "Access", "Atom", "Enum", "Integer", "Keyword", "List", "Map", "MapSet", "Regex", "String", "Tuple", "Version",
    ]
    private static let random: Set<String> = ["random", "shuffle", "take_random"]
    /// Words that bring code in, run it elsewhere, or know where they are.
    private static let barred: Set<String> = [
        "__CALLER__", "__DIR__", "__ENV__", "__STACKTRACE__", "alias", "apply", "binding", "defmacro", "defmacrop",
        "import", "make_ref", "node", "quote", "receive", "require", "self", "send", "spawn", "spawn_link",
        "spawn_monitor", "struct", "struct!", "unquote", "unquote_splicing",
    ]
    /// What names the environment of mix within a text.
    static let environmentCalls = ["config_env()", "Mix.env()", "Mix.env"]

    private let bytes: [UInt8]
    private let allowance: Allowance
    private let tokens: [ElixirToken]

    /// - Parameter bytes: the script's text.
    init(_ bytes: [UInt8], _ allowance: Allowance) {
        self.bytes = bytes
        self.allowance = allowance
        tokens = ElixirTokenizer.tokens(of: bytes)
    }

    var isSelfContained: Bool { tokens.indices.allSatisfy(isPlain) }

    /// The files that `import_config` names, with `environment` where the name has that of mix; `nil` if one is computed.
    func imports(in environment: String) -> [String]? {
        var names: [String] = []
        for index in tokens.indices where tokens[index].kind == .identifier("import_config") {
            var next = index + 1
            if next < tokens.count, tokens[next].kind == .open(.round) { next += 1 }
            guard next < tokens.count, let name = name(tokens[next], environment) else { return nil }
            names.append(name)
        }
        return names
    }

    private func name(_ token: ElixirToken, _ environment: String) -> String? {
        if case .string(let name) = token.kind { return name }
        guard token.kind == .opaque else { return nil }
        let text = String(decoding: bytes[token.range], as: UTF8.self)
        return Self.environmentCalls.contains { text == "\"#{\($0)}.exs\"" } ? "\(environment).exs" : nil
    }

    private func isPlain(_ index: Int) -> Bool {
        let before = index > 0 ? tokens[index - 1].kind : .newline
        switch tokens[index].kind {
        case .opaque: return isPlain(bytes[tokens[index].range])
        case .identifier("import"): return index + 1 < tokens.count && isBrought(tokens[index + 1])
        case .identifier("use"): return index + 1 < tokens.count && isBrought(tokens[index + 1])
        case .identifier(let word): return !Self.barred.contains(word) || allowance.words.contains(word)
        case .symbol("."): return isCall(index)
        // A struct may be a stream of a file.
        case .module: return before != .symbol("%")
        case .atom, .key, .string, .words, .integer, .number, .attribute, .open, .close, .comma, .newline, .symbol:
            return true
        }
    }

    private func isBrought(_ token: ElixirToken) -> Bool {
        guard case .module(let name) = token.kind else { return false }
        return allowance.brought.contains(name)
    }

    /// Whether a dot stands in a call of a function that works on values, or that is allowed.
    private func isCall(_ dot: Int) -> Bool {
        guard dot > 0, dot + 1 < tokens.count, case .module(let module) = tokens[dot - 1].kind,
            case .identifier(let function) = tokens[dot + 1].kind
        else { return false }
        return Self.modules.contains(module) && !Self.random.contains(function)
            || allowance.functions.contains("\(module).\(function)")
    }

    /// Whether text has nothing put into it but variables, attributes, and the environment of mix.
    private func isPlain(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        let opening = Array("#{".utf8)
        while let start = rest.indices.first(where: { rest[$0...].starts(with: opening) }) {
            rest = rest[(start + opening.count)...]
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return false }
            let word = String(decoding: rest[..<end], as: UTF8.self)
            guard Self.environmentCalls.contains(word) || isVariable(word) else { return false }
            rest = rest[end...]
        }
        return true
    }

    private func isVariable(_ word: String) -> Bool {
        let name = word.hasPrefix("@") ? word.dropFirst() : word[...]
        return name.utf8.first?.startsElixirWord == true && name.utf8.allSatisfy(\.continuesElixirWord)
            && (!Self.barred.contains(String(name)) || allowance.words.contains(String(name)))
    }
}

/// A project's configuration that says only what stands in its files, wherever they are.
package struct SelfContainedConfiguration: Sendable {
    /// Its files: their paths, relative to the folder that was copied, and their bytes.
    package let files: [(path: String, bytes: [UInt8])]

    private static let largest = 256 << 10
    private static let most = 64

    /// Reads it, with what it imports.
    /// - Parameters:
    ///   - file: the configuration, relative to the project's folder.
    ///   - tree: the folder that was copied, which has the project: no file may be outside of it.
    ///   - environment: mix's, such as `prod`.
    /// - Returns: `nil` where it may ask for more than stands in it, and where a file is meant to hold secrets.
    package init?(_ file: FilePath, in project: FilePath, of tree: FilePath, environment: String) {
        guard let top = tree.realPath else { return nil }
        let root = tree.lexicallyNormalized()
        var open = [project.pushing(file).lexicallyNormalized()]
        var files: [(path: String, bytes: [UInt8])] = []
        while let place = open.popLast() {
            let path = String(place.string.dropFirst(root.string.count + 1))
            // A link may lead to a file of the machine's, which the sandbox does not show.
            guard files.count < Self.most, place.starts(with: root), !path.contains("secret"), place.kind == .file,
                let real = place.realPath, real.starts(with: top),
                let bytes = try? ProjectFile.bytes(place), bytes.count <= Self.largest
            else { return nil }
            let script = SelfContainedScript(bytes, .configuration)
            guard script.isSelfContained, let imports = script.imports(in: environment) else { return nil }
            files.append((path, bytes))
            let folder = place.removingLastComponent()
            for imported in imports.map({ folder.pushing(FilePath($0)).lexicallyNormalized() }) {
                if !open.contains(imported), !files.contains(where: { root.appending($0.path) == imported }) {
                    open.append(imported)
                }
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }
}
