/// A mix.exs that has been read but not run: what its module defines, and the values that these definitions come to.
struct MixFile {
    private var functions: [String: ElixirValue] = [:]
    private var attributes: [String: ElixirValue] = [:]
    /// Whether the file has a module with `use Mix.Project`.
    private(set) var isMixProject = false

    /// Reads a file's bytes; whatever they are, there is an answer.
    init(_ bytes: [UInt8]) {
        let tokens = Self.projectModule(ElixirTokenizer.tokens(of: bytes))
        isMixProject = Self.usesMixProject(tokens)
        var index = 0
        while index < tokens.count {
            index = readDefinition(tokens, at: index)
        }
    }

    var project: ElixirValue { resolve(.call("project")) }

    /// What `application` returns; `nil` when the file does not define it.
    var application: ElixirValue? { functions["application"] == nil ? nil : resolve(.call("application")) }

    /// What `cli` returns, as Elixir 1.15 and later read it.
    var cli: ElixirValue? { functions["cli"] == nil ? nil : resolve(.call("cli")) }

    /// Replaces calls and attributes by what they are defined as, and joins what can be joined.
    private func resolve(_ value: ElixirValue) -> ElixirValue {
        ElixirResolver.resolve(value, functions: functions, attributes: attributes)
    }

    // MARK: - Definitions

    /// The words of the module that uses Mix.Project, or all of them.
    private static func projectModule(_ tokens: [ElixirToken]) -> [ElixirToken] {
        let starts = tokens.indices.filter { tokens[$0].kind == .identifier("defmodule") }
        let bounds = starts + [tokens.count]
        for (start, end) in zip(bounds, bounds.dropFirst()) where usesMixProject(tokens[start..<end]) {
            return Array(tokens[start..<end])
        }
        return tokens
    }

    private static func usesMixProject(_ tokens: some RandomAccessCollection<ElixirToken>) -> Bool {
        zip(tokens, tokens.dropFirst()).contains {
            $0.kind == .identifier("use") && $1.kind == .module("Mix.Project")
        }
    }

    /// Reads a definition where there is one and returns the place behind it.
    private mutating func readDefinition(_ tokens: [ElixirToken], at index: Int) -> Int {
        switch tokens[index].kind {
        case .attribute(let name) where attributes[name] == nil:
            var reader = ElixirReader(tokens, at: index + 1)
            let value = reader.readValue(inBrackets: false)
            attributes[name] = value
            return max(reader.position, index + 1)
        case .identifier("def"), .identifier("defp"):
            return readFunction(tokens, at: index + 1)
        default:
            return index + 1
        }
    }

    /// Reads `name do … end`, `name, do: …`, with or without empty parentheses; other functions are passed over.
    private mutating func readFunction(_ tokens: [ElixirToken], at index: Int) -> Int {
        var reader = ElixirReader(tokens, at: index)
        guard case .identifier(let name) = reader.next else { return index }
        reader.skip()
        if reader.next == .open(.round) {
            reader.skip()
            guard reader.next == .close(.round) else { return reader.position }
            reader.skip()
        }
        switch reader.next {
        case .comma:
            reader.skip()
            reader.skipNewlines()
            guard reader.next == .key("do") else { return reader.position }
            reader.skip()
            functions[name] = reader.readValue(inBrackets: false)
        case .identifier("do"):
            reader.skip()
            functions[name] = readBlock(&reader)
        default: break
        }
        return max(reader.position, index)
    }

    /// The value of a block: that of its last expression, where the expressions before it are read or skipped.
    private func readBlock(_ reader: inout ElixirReader) -> ElixirValue {
        var value = ElixirValue.unknown
        while true {
            reader.skipNewlines()
            guard let next = reader.next, next != .identifier("end") else { return value }
            let before = reader.position
            value = reader.readValue(inBrackets: false)
            if reader.next == .identifier("do") {
                // `if … do`: its value is computed, its block is skipped as a whole.
                value = .unknown
                reader.skip()
                skipBlock(&reader)
            }
            if reader.position == before { reader.skip() }
        }
    }

    private func skipBlock(_ reader: inout ElixirReader) {
        var open = 1
        while let next = reader.next, open > 0 {
            if next == .identifier("do") || next == .identifier("fn") { open += 1 }
            if next == .identifier("end") { open -= 1 }
            reader.skip()
        }
    }
}
