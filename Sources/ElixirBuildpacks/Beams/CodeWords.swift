import Files
import SystemPackage

/// The names in code: what becomes an atom when it is compiled.
struct CodeWords {
    private(set) var words: Set<String> = []

    private static let code: Set<String> = [
        "ex", "exs", "eex", "heex", "leex", "sface", "erl", "hrl", "src", "yrl", "xrl", "app",
    ]
    /// What a name may be long in an atom, in bytes.
    private static let longest = 255

    /// Adds the names in a file, or in all code below a folder.
    mutating func add(_ path: FilePath) {
        switch path.kind {
        case .folder:
            for name in path.names where name != ".git" && name != "node_modules" { add(path.appending(name)) }
        case .file:
            guard let ending = path.extension, Self.code.contains(ending),
                let bytes = try? path.bytes(limit: 8 << 20)
            else { return }
            add(bytes)
        case .link, .other, .missing: return
        }
    }

    /// Adds the names in a text: identifiers, aliases as the modules that they name, and what is between quotes beside a colon.
    mutating func add(_ text: [UInt8]) {
        var index = 0
        while index < text.count {
            if Self.isName(text[index]) {
                let end = Self.end(of: text, from: index)
                insert(text[index..<end])
                index = end
            } else if text[index] == UInt8(ascii: "\""), let end = Self.endOfQuote(text, from: index) {
                let isKey = end + 1 < text.count && text[end + 1] == UInt8(ascii: ":")
                let isAtom = index > 0 && text[index - 1] == UInt8(ascii: ":")
                if isKey || isAtom { insertWhole(text[(index + 1)..<end]) }
                // What is inside may be code.
                index += 1
            } else {
                index += 1
            }
        }
    }

    /// The words, sorted by their bytes, one for each line.
    var lines: String { words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { $0 + "\n" }.joined() }

    private mutating func insert(_ name: ArraySlice<UInt8>) {
        guard name.first.map({ !(48...57).contains($0) }) == true else { return }
        let parts = name.split(separator: UInt8(ascii: "."))
        for part in parts { insertWhole(part) }
        guard let first = name.first, (65...90).contains(first) else { return }
        // The alias with all its beginnings: `defmodule A.B` may be followed by `C`.
        var module = "Elixir"
        for part in parts {
            module += "." + String(decoding: part, as: UTF8.self)
            if module.utf8.count <= Self.longest { words.insert(module) }
        }
    }

    private mutating func insertWhole(_ name: ArraySlice<UInt8>) {
        guard !name.isEmpty, name.count <= Self.longest, !name.contains(10) else { return }
        words.insert(String(decoding: name, as: UTF8.self))
    }

    /// Letters, digits, `_`, and all that is not ASCII.
    private static func isName(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 95
            || byte >= 128
    }

    /// The end of a name, with `?` or `!` at its end, and with the dots inside an alias.
    private static func end(of text: [UInt8], from start: Int) -> Int {
        let isAlias = (65...90).contains(text[start])
        var index = start
        while index < text.count {
            if isName(text[index]) {
                index += 1
            } else if isAlias, text[index] == 46, index + 1 < text.count, (65...90).contains(text[index + 1]) {
                index += 1
            } else {
                break
            }
        }
        if index < text.count, text[index] == 63 || text[index] == 33 { index += 1 }
        return index
    }

    private static func endOfQuote(_ text: [UInt8], from start: Int) -> Int? {
        var index = start + 1
        while index < text.count, index - start <= longest + 1, text[index] != 10 {
            if text[index] == UInt8(ascii: "\"") { return index }
            index += 1
        }
        return nil
    }
}
