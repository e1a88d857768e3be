import FoundationEssentials
import Testing

@testable import SecretSearch

@Suite("Forms of a secret's value")
struct SecretFormsTests {
    private static let value = "s3cr3t/va lue+\"1\""

    private static func found(in text: String) -> [SecretFinding] {
        SecretScanner(secrets: ["TOKEN": value]).findings(in: Array(text.utf8), path: "file")
    }

    @Test(
        "Every form is found, and said which it is",
        arguments: [
            (value, SecretForm.plain), (#"s3cr3t/va lue+\"1\""#, .quoted),
            ("s3cr3t%2Fva%20lue%2B%221%22", .urlEncoded), ("s3cr3t%2fva%20lue%2b%221%22", .urlEncoded),
            ("s3cr3t%2Fva+lue%2B%221%22", .urlEncoded),
            ("7333637233742f7661206c75652b223122", .hexadecimal), ("7333637233742F7661206C75652B223122", .hexadecimal),
            ("115,51,99,114,51,116,47,118,97,32,108,117,101,43,34,49,34", .decimal),
            ("115, 51, 99, 114, 51, 116, 47, 118, 97, 32, 108, 117, 101, 43, 34, 49, 34", .decimal),
        ])
    func everyForm(text: String, form: SecretForm) {
        #expect(
            Self.found(in: "one\n<<\(text)>>\n") == [SecretFinding(name: "TOKEN", path: "file", line: 2, form: form)])
    }

    @Test(
        "What programs put between quotes is found",
        arguments: [
            ("a#{b}-c0ffee", ##"a\#{b}-c0ffee"##), ("k\u{1B}e\u{7}y-value", #"k\ee\ay-value"#),
            ("https://x/y-z", #"https:\/\/x\/y-z"#), ("it's-a-secret", #"it'\''s-a-secret"#),
            ("it's-a-secret", #"it'"'"'s-a-secret"#), ("käse-brot-é", #"k\u00e4se-brot-\u00e9"#),
            ("käse-brot-é", #"k\u00E4se-brot-\u00E9"#), ("a&b<c>d-value", "a&amp;b&lt;c&gt;d-value"),
            ("a b$c-value", #"a\ b\$c-value"#), ("k\u{1}e-value", #"k\001e-value"#),
            ("k\u{1}e-value", #"k\u0001e-value"#),
            ("k\u{1}e-value", #"k\x01e-value"#), ("kä\u{FEFF}y-value", #"kä\uFEFFy-value"#),
            ("käse-brot-é", "kÃ¤se-brot-Ã©"), ("kä\"se-brot-é", #"kÃ¤\"se-brot-Ã©"#),
            ("smile-😀-value", #"smile-\ud83d\ude00-value"#),
        ])
    func quoted(value: String, text: String) {
        let scanner = SecretScanner(secrets: ["TOKEN": value])
        #expect(scanner.findings(in: Array("x = \"\(text)\"".utf8), path: "file").map(\.form) == [.quoted])
        #expect(SecretMasking(secrets: ["TOKEN": value]) { "[\($0)]" }.masked("'\(text)'") == "'[TOKEN]'")
    }

    @Test(
        "Base64 is found wherever the value lies in what was encoded, with either alphabet",
        arguments: ["", "a", "ab", "abc", "user:"])
    func base64(before: String) {
        for after in ["", "x", "xy", "xyz"] {
            let encoded = Data((before + Self.value + after).utf8).base64EncodedString()
            let forURLs = String(encoded.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
            for text in [encoded, forURLs] {
                #expect(Self.found(in: "Basic \(text)").map(\.form) == [.base64], "\(before)…\(after): \(text)")
            }
        }
    }

    @Test("Base64 is found in the alphabet for URLs too, where it differs", arguments: ["", "a", "ab"])
    func base64ForURLs(before: String) {
        let value = ">?>>>??>?>>???>>?>"
        let scanner = SecretScanner(secrets: ["TOKEN": value])
        let encoded = Data((before + value).utf8).base64EncodedString()
        let forURLs = String(encoded.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        #expect(forURLs != encoded)
        for text in [encoded, forURLs] {
            #expect(scanner.findings(in: Array("Basic \(text)".utf8), path: "file").map(\.form) == [.base64], "\(text)")
        }
    }

    @Test("A decimal list is found where Erlang breaks it over lines, but not in other numbers")
    func brokenDecimals() {
        let bytes = Self.value.utf8.map(String.init)
        let broken = bytes.prefix(3).joined(separator: ",") + ",\n     " + bytes.dropFirst(3).joined(separator: ", ")
        #expect(Self.found(in: "{secret,\n <<\(broken)>>}").map(\.form) == [.decimal])
        #expect(Self.found(in: "{secret,\n <<\(broken)>>}").first?.line == 2)
        #expect(Self.found(in: bytes.joined(separator: ",1000,")).isEmpty)
        #expect(Self.found(in: bytes.joined(separator: ";")).isEmpty)
    }

    @Test("A value of several lines is found whole, and by its own lines, not by those that every key file has")
    func severalLines() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
        let scanner = SecretScanner(secrets: ["KEY": key])
        func forms(_ text: String) -> [SecretForm] { scanner.findings(in: Array(text.utf8), path: "f").map(\.form) }
        #expect(forms("x\n" + key) == [.plain])
        #expect(forms("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC") == [.line])
        #expect(
            forms(#"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"#) == [
                .quoted
            ])
        #expect(forms("-----BEGIN PRIVATE KEY-----\nanother").isEmpty)
    }

    @Test("Values that are too short to tell from words are not looked for")
    func short() {
        #expect(SecretScanner(secrets: ["PIN": "12345", "NONE": ""]).isEmpty)
        #expect(!SecretScanner(secrets: ["PIN": "123456"]).isEmpty)
    }
}
