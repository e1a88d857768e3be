import FoundationEssentials
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
        #expect(Self.masked("ababababab", ["A": "ababab"]) == "[A]")
        #expect(Self.masked("xx" + String(repeating: "z", count: 18), ["Z": "zzzzzz"]) == "xx[Z]")
        #expect(Self.masked("abcdefghi", ["A": "abcdef", "B": "defghi"]) == "[A]")
    }

    @Test(
        "A value is masked as it will be shown, whatever is between its characters",
        arguments: [
            "s3cr3t\u{1B}[31m-value", "s3cr3t\u{1B}[0;1;32m-va\u{1B}[mlue", "s3cr3t\u{200B}-value",
            "s3cr3t\u{2060}-va\u{FEFF}lue",
            "s3cr3t\u{0}-value", "s3cr3t\r-value", "s3cr3t\u{8}-value", "s3cr3tx\u{8}-value",
            "s3cr3t\u{1B}]0;title\u{7}-value",
            "s3cr3t\u{1B}]8;;https://x\u{1B}\\-value", "s3cr3t\u{9B}31m-value", "s3cr3t\u{1B}(B-value",
            "s3cr3t\u{AD}-value",
            "s3cr3t\u{202E}-value", "\u{1B}[1ms3cr3t-value\u{1B}[0m",
        ])
    func shown(text: String) {
        let masked = Self.masked("a \(text) b", ["T": "s3cr3t-value"])
        #expect(masked.contains("[T]"), "\(masked.debugDescription)")
        #expect(!masked.contains("s3c") && !masked.contains("lue"), "\(masked.debugDescription)")
        #expect(masked.hasPrefix("a ") && masked.hasSuffix(" b"))
    }

    @Test("A value with such characters in it is masked with and without them")
    func hiddenInValue() {
        for value in ["s3cr3t\u{200B}-value", "s3cr3t\u{1B}[31m-value", "s3cr3t\r-value"] {
            #expect(Self.masked("a s3cr3t-value b", ["T": value]) == "a [T] b")
            #expect(Self.masked("a \(value) b", ["T": value]) == "a [T] b")
        }
    }

    @Test("Lists of numbers are masked where they are broken over lines, code points too")
    func numbers() {
        let bytes = "s3cr3t-value".utf8.map(String.init)
        let broken =
            "[" + bytes.prefix(5).joined(separator: ",") + ",\n " + bytes.dropFirst(5).joined(separator: ",") + "]"
        #expect(Self.masked(broken, ["T": "s3cr3t-value"]) == "[[T]]")
        let points = "п4роль-é".unicodeScalars.map { String($0.value) }
        #expect(Self.masked("<<\(points.joined(separator: ",\n  "))>>", ["T": "п4роль-é"]) == "<<[T]>>")
        let latin = "пароль".unicodeScalars.map { String($0.value) }.joined(separator: ", ")
        #expect(Self.masked(latin, ["T": "пароль"]) == "[T]")
        #expect(Self.masked("1, 2, 3, 4, 5, 6, 7", ["T": "s3cr3t-value"]) == "1, 2, 3, 4, 5, 6, 7")
    }

    @Test("Base64 is masked where its lines are broken", arguments: [64, 76])
    func brokenBase64(width: Int) {
        let value = "s3cr3t-value-of-some-length-0123456789-abcdefghijklmnopqrstuvwxyz"
        let encoded = Array(Data(("user-with-a-long-name:" + value + "-and-more-behind-it").utf8).base64EncodedString())
        let lines = stride(from: 0, to: encoded.count, by: width).map {
            String(encoded[$0..<min($0 + width, encoded.count)])
        }
        for end in ["\n", "\r\n", "\n    "] {
            let masked = Self.masked(lines.joined(separator: end), ["T": value])
            #expect(masked.contains("[T]"), "\(masked)")
            #expect(masked.count < 80)
        }
    }

    @Test("What comes in pieces is masked as if it came in one, wherever it is cut")
    func pieces() {
        let secrets = ["T": "s3cr3t-value", "PEM": "-----BEGIN-----\nabc\ndefg\n-----END-----"]
        let bytes = "s3cr3t-value".utf8.map(String.init).joined(separator: ",\n ")
        let text =
            "one s3cr3t-value two\ns3cr3t\u{1B}[31m-value\n-----BEGIN-----\nabc\ndefg\n-----END-----\n[\(bytes)]\nend"
        let whole = SecretMasking(secrets: secrets) { "[\($0)]" }.masked(text)
        #expect(whole == "one [T] two\n[T]\n[PEM]\n[[T]]\nend")
        for cut in text.unicodeScalars.indices {
            var stream = StreamMasking(SecretMasking(secrets: secrets) { "[\($0)]" })
            let said = stream.masked(String(text[..<cut])) + stream.masked(String(text[cut...])) + stream.finish()
            #expect(said == whole)
        }
        var stream = StreamMasking(SecretMasking(secrets: secrets) { "[\($0)]" })
        let said = text.unicodeScalars.map { stream.masked(String($0)) }.joined() + stream.finish()
        #expect(said == whole)
    }

    @Test(
        "In a line without an end, values are masked across the cuts, and little is held back", arguments: [20, 5000])
    func longLine(length: Int) {
        let value = String(
            (0..<length).map {
                "abcdefghijklmnop"["abcdefghijklmnop".index("abcdefghijklmnop".startIndex, offsetBy: $0 * $0 % 13)]
            })
        var stream = StreamMasking(SecretMasking(secrets: ["T": value]) { "[\($0)]" }, limit: 1000)
        var said = ""
        var given = 0
        for number in 0..<60 {
            let text = String(repeating: ".", count: 300 + number * 7) + value
            for start in stride(from: 0, to: text.count, by: 997) {
                let from = text.index(text.startIndex, offsetBy: start)
                said += stream.masked(String(text[from...].prefix(997)))
            }
            given += text.count
        }
        said += stream.finish()
        #expect(said.matches(of: /\[T\]/).count == 60)
        #expect(!said.contains(value.prefix(6)) && !said.contains(value.suffix(6)))
        #expect(said.split(separator: "\n").allSatisfy { $0.utf8.count <= 5 * (1000 + 4 * length) })
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
