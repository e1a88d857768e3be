import Testing

@testable import Console

@Suite struct SecretValueTests {
    @Test("a secret shows its length and nothing else, however it is printed")
    func shows() {
        let secret = SecretValue("hunter2hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.description == "••• (14 chars)")
        #expect(secret.withValue { $0 } == "hunter2hunter2")
    }
}
