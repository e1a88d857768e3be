import Testing

@testable import SecretSearch

@Suite("Masking, and memory of secrets")
struct SecretMaskingTests {
    private static func masked(_ text: String, _ secrets: [String: String]) -> String {
        SecretMasking(secrets: secrets) { "[\($0)]" }.masked(text)
    }

    @Test("Values are masked wherever they stand, the longer of two that begin together")
    func masking() {
        #expect(Self.masked("a token12 b token12", ["T": "token12"]) == "a [T] b [T]")
        #expect(Self.masked("abcdefgh abcdef", ["A": "abcdef", "B": "abcdefgh"]) == "[B] [A]")
        #expect(Self.masked("nothing here", ["A": "abcdef"]) == "nothing here")
        #expect(Self.masked("é abcdef ü", ["A": "abcdef"]) == "é [A] ü")
        #expect(Self.masked("abcdef", [:]) == "abcdef")
        #expect(Self.masked("YToodW50ZXIyLWh1bnRlcjI6Yg==", ["H": "hunter2-hunter2"]).contains("[H]"))
    }

    @Test("A value that overlaps itself is masked without leaving a part")
    func overlapping() {
        #expect(Self.masked("ababababab", ["A": "ababab"]) == "[A]abab")
        #expect(Self.masked("xx" + String(repeating: "z", count: 18), ["Z": "zzzzzz"]) == "xx[Z][Z][Z]")
    }

    @Test("A buffer lends its value, compares by it, and never prints it")
    func buffer() {
        let buffer = SecretBuffer("hunter2-hunter2")
        #expect(buffer.withValue { $0 } == "hunter2-hunter2")
        #expect(buffer.withBytes { $0.count } == 15)
        #expect(buffer == SecretBuffer("hunter2-hunter2"))
        #expect(buffer != SecretBuffer("hunter2-hunter3"))
        #expect(SecretBuffer("").withValue { $0.isEmpty })
        var dumped = "\(buffer) \(String(reflecting: buffer))"
        dump(buffer, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }
}
