import Testing

@testable import MixInspection

@Suite("Reading Elixir without running it")
struct TokenizerTests {
    private func value(_ source: String) -> ElixirValue {
        var reader = ElixirReader(ElixirTokenizer.tokens(of: Array(source.utf8)))
        return reader.readValue(inBrackets: true)
    }

    private static let readings: [(String, ElixirValue)] = [
        (":name", .atom("name")),
        (#":"a b""#, .atom("a b")),
        ("true", .atom("true")),
        (#""a\nb""#, .string("a\nb")),
        (#""é \"x\"""#, .string("é \"x\"")),
        ("'list'", .string("list")),
        ("\"\"\"\nlong\n\"\"\"", .string("\nlong\n")),
        (##""a#{"}" <> "#{1}"}b""##, .unknown),
        ("1_000", .integer(1000)),
        ("1.5", .unknown),
        ("?a", .unknown),
        ("Some.Module", .module("Some.Module")),
        ("Some.call()", .unknown),
        ("deps()", .call("deps")),
        ("deps", .call("deps")),
        ("deps(:x)", .unknown),
        ("@version", .attribute("version")),
        ("~w(a b)", .list([.string("a"), .string("b")])),
        ("~w[a b]a", .list([.atom("a"), .atom("b")])),
        ("~r/a(b/", .unknown),
        ("{:a, 1}", .tuple([.atom("a"), .integer(1)])),
        ("[a: 1, \"b c\": 2]", .list([.tuple([.atom("a"), .integer(1)]), .tuple([.atom("b c"), .integer(2)])])),
        ("%{\"k\" => :v}", .map([.tuple([.string("k"), .atom("v")])])),
        ("[1, # one\n 2]", .list([.integer(1), .integer(2)])),
        ("\"a\" <> \"b\"", .joined([.string("a"), .string("b")])),
        ("[1 | rest]", .list([.unknown])),
        ("[fn x -> {x, [1]} end, 2]", .list([.unknown, .integer(2)])),
        ("[if x do 1 else 2 end, 3]", .list([.unknown, .integer(3)])),
        ("<<1, 2>>", .unknown),
    ]

    @Test("values are read as they are written", arguments: readings)
    func values(source: String, expected: ElixirValue) {
        #expect(value(source) == expected)
    }

    @Test("lines are counted through strings, heredocs and comments")
    func lines() {
        let tokens = ElixirTokenizer.tokens(of: Array("\"a\nb\"\n# c\n\"\"\"\nd\n\"\"\"\nlast".utf8))
        #expect(tokens.last?.kind == .identifier("last"))
        #expect(tokens.last?.line == 7)
    }

    @Test("source cut off anywhere is read without harm")
    func truncated() throws {
        let source = try Array(fixture("literal").appending("mix.exs").readBytes())
        for length in 0...source.count {
            _ = MixFile(Array(source[..<length])).facts(folder: ".")
        }
    }

    @Test("noise of any kind is read without harm", arguments: 0..<40)
    func noise(seed: UInt64) {
        var random = Random(state: seed)
        let pieces = [
            "[", "]", "{", "}", "(", ")", "%{", "<<", ">>", "\"", "'", "\"\"\"", "#{", "~w(", "~S|", "do", "end", "fn",
            "->",
            ":", "::", ",", "\n", "\\", "?", "@", "def project", "use Mix.Project", "defmodule X", "a: ", "=>", "++",
            "é", "0x",
        ]
        var source: [UInt8] = Array("defmodule A do\nuse Mix.Project\ndef project do\n".utf8)
        for _ in 0..<2000 {
            if random.next() % 4 == 0 {
                source.append(UInt8(truncatingIfNeeded: random.next()))
            } else {
                source += Array(pieces[Int(random.next() % UInt64(pieces.count))].utf8)
            }
        }
        _ = MixFile(source).facts(folder: ".")
        _ = LockFile(source)
    }

    @Test(
        "brackets nested without end are read without harm", arguments: ["[", "{", "%{", "(", "[a: ", "\"#{", "fn -> "])
    func deep(piece: String) {
        let source =
            Array("defmodule A do\nuse Mix.Project\ndef project do\n".utf8)
            + Array(String(repeating: piece, count: 100_000).utf8)
        _ = MixFile(source).facts(folder: ".")
    }

    @Test("definitions that multiply each other end as unknown")
    func multiplying() {
        var source = "defmodule A do\nuse Mix.Project\n@a0 [1]\n"
        for index in 1...7 { source += "@a\(index) [" + String(repeating: "@a\(index - 1), ", count: 60) + "1]\n" }
        source += "def project, do: [app: :a, deps: @a7, releases: loop()]\ndefp loop, do: loop()\nend"
        let facts = MixFile(Array(source.utf8)).facts(folder: ".")
        #expect(facts.app == "a")
        #expect(facts.unknowns.contains("releases"))
    }
}

/// Numbers that are the same in every run.
private struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
