import TestSupport
import Testing

@testable import TerminalUI

@Suite("Bytes of a terminal")
struct InputDecoderTests {
    private func events(_ bytes: String) -> [InputEvent] {
        var decoder = InputDecoder()
        return decoder.feed(bytes.utf8) + decoder.flush()
    }

    @Test(
        "keys",
        arguments: [
            ("a", "a"), ("\r", "Enter"), ("\n", "Enter"), ("\t", "Tab"), ("\u{7F}", "Backspace"), ("\u{1}", "C-a"),
            ("\u{0}", "C-Space"),
            ("\u{1F}", "C-_"), ("\u{1B}", "Esc"), ("\u{1B}a", "M-a"), ("\u{1B}\r", "M-Enter"), ("\u{1B}[A", "Up"),
            ("\u{1B}OA", "Up"),
            ("\u{1B}[1;5A", "C-Up"), ("\u{1B}[1;2C", "S-Right"), ("\u{1B}[3~", "Del"), ("\u{1B}[3;5~", "C-Del"),
            ("\u{1B}[Z", "S-Tab"),
            ("\u{1B}[H", "Home"), ("\u{1B}[4~", "End"), ("\u{1B}OP", "F1"), ("\u{1B}[15~", "F5"), ("\u{1B}OM", "Enter"),
            ("\u{1B}O", "M-O"),
            ("\u{1B}[", "M-["), ("é", "é"), ("日", "日"), ("🦀", "🦀"), ("\u{1B}é", "M-é"), ("\u{1B}[97;5u", "C-a"),
            ("\u{1B}[27;5;13~", "C-Enter"),
            ("\u{1B}[27u", "Esc"),
        ])
    func keys(bytes: String, name: String) {
        #expect(events(bytes).map { if case .key(let chord) = $0 { chord.description } else { "?" } } == [name])
    }

    @Test(
        "what is unknown or broken is dropped whole",
        arguments: [
            "\u{1B}[99;99Y", "\u{1B}[?1;2c", "\u{1B}[200;1R", "\u{1B}[<0;0;0M", "\u{1B}[<0;1M", "\u{1B}[1000~",
            "\u{1B}[5;1",
            "\u{1B}[<300;1;1M", "\u{1B}[57399u", "\u{1B}O~",
        ])
    func unknown(bytes: String) {
        #expect(events(bytes).isEmpty)
        var decoder = InputDecoder()
        #expect((decoder.feed(bytes.utf8) + decoder.flush() + decoder.feed("x".utf8)) == [.key(.character("x"))])
    }

    @Test("bytes that are no UTF-8 are dropped, what follows is kept")
    func invalid() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0xFF, 0xC0, 0x80, 0x61, 0xE6, 0x62]) == [.key(.character("a")), .key(.character("b"))])
        #expect(decoder.feed([0xE6, 0x97]).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.feed([0xA5]) == [.key(.character("日"))])
        _ = decoder.feed([0xE6])
        #expect(decoder.flush().isEmpty)
        #expect(!decoder.isWaiting)
    }

    @Test(
        "the mouse",
        arguments: [
            ("\u{1B}[<0;5;3M", MouseEvent(.press(.left), at: Point(x: 4, y: 2))),
            ("\u{1B}[<0;5;3m", MouseEvent(.release(.left), at: Point(x: 4, y: 2))),
            ("\u{1B}[<34;240;1M", MouseEvent(.drag(.right), at: Point(x: 239, y: 0))),
            ("\u{1B}[<64;1;1M", MouseEvent(.wheelUp, at: .zero)),
            ("\u{1B}[<65;1;1M", MouseEvent(.wheelDown, at: .zero)),
            ("\u{1B}[<16;1;1M", MouseEvent(.press(.left), at: .zero, modifiers: .control)),
            ("\u{1B}[M !!", MouseEvent(.press(.left), at: .zero)),
            ("\u{1B}[M#!!", MouseEvent(.release(.left), at: .zero)),
        ])
    func mouse(bytes: String, event: MouseEvent) {
        #expect(events(bytes) == [.mouse(event)])
    }

    @Test("a paste is one event, in pieces of any size, and holds no control characters", arguments: 1...12)
    func paste(size: Int) {
        let bytes = Array("\u{1B}[200~a\r\nb\rc\u{1B}[31m\u{3}\td\u{1B}[201~q".utf8)
        var decoder = InputDecoder()
        var all: [InputEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            all += decoder.feed(bytes[start..<min(start + size, bytes.count)])
            #expect(decoder.isWaiting || decoder.flush().isEmpty)
        }
        #expect(all == [.paste("a\nb\nc[31m\td"), .key(.character("q"))])
    }

    @Test("keys in pieces are put together again")
    func pieces() {
        var decoder = InputDecoder()
        var all: [InputEvent] = []
        for byte in Array("\u{1B}[1;5Cé\u{1B}[<0;1;1M".utf8) { all += decoder.feed([byte]) }
        #expect(
            all == [
                .key(KeyChord(.right, .control)), .key(.character("é")), .mouse(MouseEvent(.press(.left), at: .zero)),
            ])
    }

    @Test("a terminal's own sequences go first")
    func extra() {
        var decoder = InputDecoder(extraKeys: [Array("\u{1B}[[A".utf8): .function(1)])
        #expect(decoder.feed("\u{1B}[[A".utf8) == [.key(KeyChord(.function(1)))])
        #expect(decoder.feed("\u{1B}[".utf8).isEmpty)
        #expect(decoder.feed("A".utf8) == [.key(KeyChord(.up))])
    }

    @Test("focus is told")
    func focus() {
        #expect(events("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
    }

    @Test("any bytes at all are taken without harm, and the key after them is read")
    func anything() {
        var random = SeededGenerator(seed: 1)
        let alphabet = Array("\u{1B}[<O;0123456789~MmABuIPq\r\n".utf8) + [0x80, 0xC3, 0xE2, 0xF0, 0xFF, 0x00, 0x7F]
        for _ in 0..<2000 {
            var decoder = InputDecoder()
            _ = decoder.feed((0..<20).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] })
            _ = decoder.flush()
            #expect(!decoder.isWaiting)
            #expect(decoder.feed([UInt8(ascii: "x")]) == [.key(.character("x"))])
        }
    }
}
