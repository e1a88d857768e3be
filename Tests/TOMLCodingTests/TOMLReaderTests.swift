import Diagnostics
import TOMLCoding
import TestSupport
import Testing

@Suite("Reading TOML") struct TOMLReaderTests {
    /// A value as the reader should see it, by the text after `x = `.
    static let values: [(String, TOMLValue)] = [
        (#""a\tb\"c\\ \u00e9 \U0001F600""#, .string("a\tb\"c\\ é 😀")),
        (#"'C:\no\escapes'"#, .string(#"C:\no\escapes"#)),
        ("\"\"\"\nline \\\n   goes on\n\"two\" \"\"\"\"\"", .string("line goes on\n\"two\" \"\"")),
        ("'''\r\nraw \\ 'quoted'\n'''", .string("raw \\ 'quoted'\n")),
        ("\"\"\"\"\"\"", .string("")),
        ("''", .string("")),
        ("+1_000", .integer(1000)), ("-0", .integer(0)),
        ("0xDEAD_beef", .integer(0xDEAD_BEEF)), ("0o755", .integer(0o755)), ("0b1101", .integer(13)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("1_0.5", .float("10.5")), ("-1E+06", .float("-1e+06")), ("6.02e23", .float("6.02e23")),
        ("+inf", .float("inf")), ("-nan", .float("-nan")),
        ("true", .boolean(true)), ("false # no", .boolean(false)),
        ("1979-05-27T07:32:00.999999-07:00", .dateTime("1979-05-27T07:32:00.999999-07:00")),
        ("1979-05-27 07:32:00Z", .dateTime("1979-05-27 07:32:00Z")),
        ("2024-02-29", .dateTime("2024-02-29")), ("2000-02-29", .dateTime("2000-02-29")),
        ("1979-12-31", .dateTime("1979-12-31")), ("1979-11-30", .dateTime("1979-11-30")),
        ("07:32:00", .dateTime("07:32:00")),
        ("2000-01-01 # a day", .dateTime("2000-01-01")),
    ]

    @Test("reads every kind of scalar", arguments: values)
    func scalar(text: String, expected: TOMLValue) throws {
        let document = try TOMLDocument(parsing: "x = \(text)\n", fileName: "a.toml")
        #expect(document.root["x"]?.value == expected)
    }

    static let invalid: [(String, String)] = [
        ("a = 1\na = 2", "2:1: a is defined already"),
        ("a = 1\n'a' = 2", "2:1: a is defined already"),
        ("[a]\n[a]", "2:2: a is defined already"),
        ("[[a]]\n[a]", "2:2: a is defined already"),
        ("[a]\n[[a]]", "2:3: a is defined already"),
        ("[a.b]\n[[a]]", "2:3: a is defined already"),
        ("a = []\n[[a]]", "2:3: a is defined already"),
        ("a = {}\n[a.b]", "2:2: a is defined already"),
        ("a = { b = 1 }\na.c = 2", "2:1: a is defined already"),
        ("a.b = 1\n[a]", "2:2: a is defined already"),
        ("[x]\na.b = 1\n[x.a]", "3:4: a is defined already"),
        ("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "4:1: b is defined already"),
        ("a = 1\na.b = 2", "2:1: a is defined already"),
        ("a = { b = 1, b = 2 }", "1:14: b is defined already"),
        ("a = { b = 1, }", "1:14: expected a key, found `}`"),
        ("a = { b = 1\n}", "1:12: expected `,` or `}` in an inline table, found the end of the line"),
        ("a = [1 2]", "1:8: expected `,` or `]` in an array, found `2`"),
        ("a = [1,,2]", "1:8: expected a value, found `,`"),
        ("a = [", "1:6: expected a value, found the end of the file"),
        ("a = 1 b = 2", "1:7: expected the end of the line, found `b`"),
        ("= 1", "1:1: expected a key, found `=`"),
        ("a. = 1", "1:4: expected a key, found `=`"),
        ("é = 1", "1:1: expected a key, found `é`"),
        ("a", "1:2: expected `=`, found the end of the file"),
        ("a = ", "1:5: expected a value, found the end of the file"),
        ("[a", "1:3: expected `]`, found the end of the file"),
        ("[[a]", "1:4: expected `]]`, found `]`"),
        ("[ ]", "1:3: expected a key, found `]`"),
        ("a = \"x", "1:7: a string that is not closed with `\"` on its line"),
        ("a = 'x\ny'", "1:7: a string that is not closed with `'` on its line"),
        ("a = \"\"\"x", "1:9: a string that is not closed with `\"\"\"`"),
        ("a = '''x''", "1:11: a string that is not closed with `'''`"),
        ("a = \"é\\q\"", "1:7: unknown escape in a string; write `\\\\` for a backslash, or use '…'"),
        ("a = \"\\u12G4\"", "1:6: expected 4 hexadecimal digits in a Unicode escape"),
        ("a = \"\\ud800\"", "1:6: not a Unicode scalar value in a string"),
        ("a = \"\u{1}\"", "1:6: a control character in a string"),
        ("# \u{7f}", "1:3: a control character in a comment"),
        ("a = 1\r", "1:6: expected the end of the line, found the end of the line"),
        ("a = yes", "1:5: this is not a value; text needs quotes"),
        ("a = True", "1:5: this is not a value; text needs quotes"),
    ]

    @Test("refuses what is not TOML, with the place", arguments: invalid)
    func refused(text: String, message: String) {
        let error = #expect(throws: Failure.self) { try TOMLDocument(parsing: text, fileName: "a.toml") }
        #expect(error?.description == "a.toml:\(message)")
    }

    @Test(
        "refuses numbers and dates that TOML does not have",
        arguments: [
            "01", "-01", "1__0", "_1", "1_", "0X1F", "+0x1", "0xG", "0b2", "0o8", "9223372036854775808", "1.", ".5",
            "1.e5",
            "1e", "1._5", "00.5", "Inf", "1979-02-29", "1979-02-30", "1900-02-29",
            "1979-04-31", "1979-06-31", "1979-09-31", "1979-11-31", "1979-12-32", "1979-01-00", "1979-13-01",
            "1979-1-01", "24:00:00", "07:32", "07:32:00.",
            "1979-05-27T",
            "1979-05-27T07:32:00+25:00", "1979-05-27  07:32:00", "2000-01-01x",
        ])
    func badWord(text: String) {
        #expect(throws: Failure.self) { try TOMLDocument(parsing: "x = \(text)", fileName: "a.toml") }
    }

    @Test("keeps tables, arrays of tables and dotted keys apart")
    func structure() throws {
        let text = """
            \u{FEFF}title = "t" # a comment
            a.b.c = 1
            a."b".'d e' = 2

            [x.y.z]
            w = [ 1, # one
              [ "two", { three = 3 } ], ]
            [x]
            v = {}
            [[list]]
            name = 'first'
            [list.sub]
            k = 1
            [[list.deep]]
            [[list]]
            [a.after]
            """
        let root = try TOMLDocument(parsing: text, fileName: "a.toml").root
        #expect(root.entries.map(\.key) == ["title", "a", "x", "list"])
        #expect(try root.table("a")?.table("b")?.integer("d e") == 2)
        #expect(try root.table("a")?.entries.map(\.key) == ["b", "after"])
        let lists = try root.tables("list")
        #expect(lists.map { $0.entries.map(\.key) } == [["name", "sub", "deep"], []])
        let items = try root.table("x")?.table("y")?.table("z")?["w"]
        #expect(items?.position == TOMLPosition(line: 6, column: 5))
        guard case .array(let parts)? = items?.value, case .array(let inner) = parts[1].value else {
            Issue.record("w is not an array of two")
            return
        }
        #expect(inner.map(\.value) == [.string("two"), inner[1].value])
        #expect(inner[1].position == TOMLPosition(line: 7, column: 12))
        #expect(root.entry("a")?.position == TOMLPosition(line: 2, column: 1))
        #expect(lists[1].position == TOMLPosition(line: 15, column: 3))
    }

    @Test("refuses nesting that would exhaust the stack", arguments: ["[", "{a=", "a."])
    func deep(opening: String) {
        let text = (opening == "a." ? "" : "x = ") + String(repeating: opening, count: 100_000)
        let error = #expect(throws: Failure.self) { try TOMLDocument(parsing: text, fileName: "a.toml") }
        #expect(error != nil)
    }

    @Test("takes time in proportion to the file")
    func linear() throws {
        let texts = [4_000, 40_000].map { count in
            let line = "[" + (0..<count).map { "\"é\($0)\"" }.joined(separator: ",") + "]"
            let keys = (0..<count).map { "key\($0) = \($0)\n" }.joined()
            return (count, keys + "list = " + line + "\n")
        }
        let times = try growth(from: 4_000) { count in
            let text = texts.first { $0.0 == count }?.1 ?? ""
            let document = try TOMLDocument(parsing: text, fileName: "a.toml")
            #expect(document.root.entries.count == count + 1)
        }
        #expect(times < 30)
    }
}
