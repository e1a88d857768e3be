import HTTP
import Testing

struct URLTextTests {
    @Test("an address in the query of a path is no address to go to, and the port that goes without saying is none")
    func resolved() {
        let base = "https://h.test/v2/app/blobs/uploads/"
        #expect(
            URLText.resolve("/v2/x?next=http://evil.test/", from: base) == "https://h.test/v2/x?next=http://evil.test/")
        #expect(URLText.resolve("x?next=http://evil.test/", from: base) == base + "x?next=http://evil.test/")
        #expect(URLText.resolve("//other.test/x", from: base) == "https://other.test/x")
        #expect(URLText.resolve("http://other.test/x", from: base) == "http://other.test/x")
        #expect(URLText.origin("https://H.test:443/x") == URLText.origin(base))
        #expect(URLText.origin("https://h.test:80/x") != URLText.origin(base))
        #expect(URLText.origin("https://h.test@evil.test/x") != URLText.origin(base))
    }
}
