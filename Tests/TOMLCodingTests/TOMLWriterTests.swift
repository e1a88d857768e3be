import TOMLCoding
import Testing

@Suite("Writing TOML") struct TOMLWriterTests {
    @Test("writes the launcher's metadata as table arrays, values before sub-tables")
    func metadata() {
        let table: TOMLTable = [
            "buildpacks": .tables([["id": "a/b", "version": "1.0.0"], ["id": "c", "version": "2"]]),
            "buildpack-default-process-type": "web",
            "processes": .tables([["type": "web", "command": ["bin/app", "start"], "args": [], "direct": true]]),
        ]
        #expect(
            TOMLWriter.text(of: table) == """
                buildpack-default-process-type = "web"

                [[buildpacks]]
                id = "a/b"
                version = "1.0.0"

                [[buildpacks]]
                id = "c"
                version = "2"

                [[processes]]
                type = "web"
                command = ["bin/app", "start"]
                args = []
                direct = true

                """)
    }

    static let tables: [TOMLTable] = [
        [:],
        ["text": "quote \" backslash \\ tab \t line \n bell \u{7} del \u{7F} é 😀", "": 1, "a b.c": true],
        ["numbers": [1, -2, .double(1.5), .float("inf")], "when": .dateTime("1980-01-01T00:00:01Z"), "empty": [:]],
        ["a": ["b": ["c": ["d": 1], "list": [["x": 1], ["y": ["z": []]]]]], "mixed": [1, ["in": "line"], [:]]],
    ]

    @Test("what it writes reads back as the same", arguments: tables)
    func roundTrip(table: TOMLTable) throws {
        let text = TOMLWriter.text(of: table)
        let read = try TOMLDocument(parsing: text, fileName: "a.toml").root
        #expect(TOMLWriter.text(of: read) == text)
        #expect(Set(read.entries.map(\.key)) == Set(table.entries.map(\.key)))
        for entry in table.entries where entry.node.value.isScalar {
            #expect(read[entry.key]?.value == entry.node.value)
        }
    }

    @Test("sets, replaces and takes out keys")
    func building() {
        var table: TOMLTable = ["a": 1, "b": 2]
        table.set("a", 3)
        table.set("b", nil)
        table.set("c", .strings(["x"]))
        #expect(TOMLWriter.text(of: table) == "a = 3\nc = [\"x\"]\n")
        #expect(TOMLValue.float("-2.5e1").double == -25)
    }
}

extension TOMLValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .array, .table: false
        default: true
        }
    }
}
