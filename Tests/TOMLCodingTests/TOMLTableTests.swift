import Diagnostics
import TOMLCoding
import Testing

@Suite("Looking things up in TOML") struct TOMLTableTests {
    static let text = """
        [[slices]]
        Paths = ["a", "b"]
        [limits]
        size = 3
        Size = 4
        mixed = ["a", 1]
        """

    @Test("finds keys of another case only when asked to, the exact one first")
    func caseInsensitive() throws {
        let strict = try TOMLDocument(parsing: Self.text, fileName: "launch.toml").root
        #expect(try strict.tables("slices").first?.strings("paths") == nil)
        let loose = try TOMLDocument(parsing: Self.text, fileName: "launch.toml", keyMatching: .ignoringCase).root
        #expect(try loose.tables("Slices").first?.strings("paths") == ["a", "b"])
        #expect(try loose.table("LIMITS")?.integer("Size") == 4)
        #expect(try loose.table("LIMITS")?.integer("SIZE") == 3)
    }

    static let mismatches: [(String, @Sendable (TOMLTable) throws -> Void)] = [
        ("launch.toml:4:8: size: expected a string, found an integer", { _ = try $0.table("limits")?.string("size") }),
        (
            "launch.toml:4:8: size: expected true or false, found an integer",
            { _ = try $0.table("limits")?.boolean("size") }
        ),
        ("launch.toml:4:8: size: expected a table, found an integer", { _ = try $0.table("limits")?.table("size") }),
        (
            "launch.toml:6:15: mixed: expected an array of strings, found an integer",
            { _ = try $0.table("limits")?.strings("mixed") }
        ),
        (
            "launch.toml:6:10: mixed: expected an array of tables, found a string",
            { _ = try $0.table("limits")?.tables("mixed") }
        ),
        ("launch.toml:1:3: slices: expected an integer, found an array", { _ = try $0.integer("slices") }),
    ]

    @Test("names the place of a value of another type", arguments: mismatches)
    func mismatch(message: String, lookup: @Sendable (TOMLTable) throws -> Void) throws {
        let root = try TOMLDocument(parsing: Self.text, fileName: "launch.toml").root
        let error = #expect(throws: Failure.self) { try lookup(root) }
        #expect(error?.description == message)
    }

    @Test("a key that is not there is no error")
    func absent() throws {
        let root = try TOMLDocument(parsing: "", fileName: "launch.toml").root
        #expect(try root.string("a") == nil)
        #expect(try root.table("a") == nil)
        #expect(try root.tables("a").isEmpty)
    }

    @Test("refuses unknown keys and names the nearest known one")
    func unknownKeys() throws {
        let root = try TOMLDocument(parsing: "name = 1\ncolour = 2\nzzz = 3", fileName: "theme.toml").root
        #expect(root.unknownEntries(besides: ["name", "color"]).map(\.key) == ["colour", "zzz"])
        let near = #expect(throws: Failure.self) {
            try root.rejectUnknownKeys(besides: ["name", "color"], in: "[x]")
        }
        #expect(near?.description == "theme.toml:2:1: unknown key colour in [x]; did you mean color?")
        let far = #expect(throws: Failure.self) { try root.rejectUnknownKeys(besides: ["name", "colour"]) }
        #expect(far?.description == "theme.toml:3:1: unknown key zzz; known keys: name, colour")
        try root.rejectUnknownKeys(besides: ["name", "colour", "zzz"])
    }
}
