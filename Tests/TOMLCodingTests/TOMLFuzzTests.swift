import Diagnostics
import TOMLCoding
import TestSupport
import Testing

@Suite("However a text is broken")
struct TOMLFuzzTests {
    private static let texts = [
        """
        api = "0.10" # an API
        [buildpack]
        id = "a/b"
        clear-env = true
        sbom-formats = ["application/json", 'x']
        [[order]]
        [[order.group]]
        id = "x"
        optional = false
        [metadata.'quoted key'."other"]
        number = -1_000
        float = 6.26e-3
        when = 1979-05-27T07:32:00Z
        inline = { a = 1, b = [1, 2, { c = "d" }] }
        """,
        "s = \"\"\"\nmany \\\n   lines \\u00e9\"\"\"\nl = '''\nliteral'''\nh = 0xff\no = 0o7\nb = 0b1\ni = inf\nn = nan\n",
        "[a]\nb.c.d = 1\n[a.e]\nf = []\n[[a.g]]\n[[a.g]]\nh = {}\n",
    ]
    private static let words = [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "\\u", "\\U0010FFFF", "\n", "\r",
        "#",
        "true", "nan", "+", "-", "_", "1e400", "99999999999999999999", "0x", "\u{0}", "\u{FEFF}", "1979-13-45",
        String(repeating: "[", count: 4000), String(repeating: "a.", count: 4000),
        String(repeating: "{a=", count: 4000),
    ]

    @Test("it is read, and then written to be read as the same, or it is refused at a place in it")
    func variants() throws {
        try Fuzzing.run(Self.texts, words: Self.words) { text, round in
            let root: TOMLTable
            do {
                root = try TOMLDocument(parsing: text, fileName: "f").root
            } catch let error as Failure {
                let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
                #expect((1...lines).contains(error.place?.line ?? 0), "round \(round): \(error)")
                return
            }
            let written = TOMLWriter.text(of: root)
            let again = try TOMLDocument(parsing: written, fileName: "f").root
            #expect(TOMLWriter.text(of: again) == written, "round \(round)")
        }
    }
}
