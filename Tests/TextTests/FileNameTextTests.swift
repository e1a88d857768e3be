import TestSupport
import Testing

@testable import Text

@Suite("Names that are not UTF-8 as text")
struct FileNameTextTests {
    @Test(
        "Each byte that is not UTF-8 is carried, and shown as an escape",
        arguments: [
            (Array("caf".utf8) + [0xE9], "caf\\xE9"), ([0xFF, 0x78], "\\xFFx"), ([0xE2, 0x82, 0x63], "\\xE2\\x82c"),
            (Array("é日.ex".utf8), "é日.ex"), ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
            // The character that carries a byte, as a name's own.
            ([0xF4, 0x8F, 0xBA, 0x80], "\\xF4\\x8F\\xBA\\x80"),
        ])
    func shown(name: [UInt8], text: String) {
        #expect(String(fileName: name).shownFileName == text)
        #expect(String(fileName: name).fileNameBytes == name)
        #expect(String(fileName: name).hasCarriedBytes == text.contains("\\x"))
    }

    @Test("Any bytes come back as they were, and two names never have one text")
    func anyBytes() {
        let pieces: [UInt8] = [0xF4, 0x8F, 0xBA, 0xBB, 0x80, 0xE2, 0x82, 0x41, 0xC3, 0xFF, 0xED, 0xA0]
        var random = SeededGenerator(seed: 7)
        var texts: [String: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let name = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                pieces[Int.random(in: pieces.indices, using: &random)]
            }
            let text = String(fileName: name)
            #expect(text.fileNameBytes == name)
            #expect(texts.updateValue(name, forKey: text).map { $0 == name } ?? true)
        }
    }

    @Test("A terminal and JSON get the escapes")
    func printed() {
        let text = "a " + String(fileName: [0xE9]) + " b"
        #expect(TerminalText.harmless(text) == "a \\xE9 b")
        #expect(
            String(decoding: TerminalText.escapedJSON(Array("{\"p\":\"\(text)\"}".utf8)), as: UTF8.self)
                == #"{"p":"a \\xE9 b"}"#)
    }
}
