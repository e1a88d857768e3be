import Testing
import Text

struct NearestWordTests {
    @Test(
        "distances count bytes that are changed, added and left out",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("build", "biuld", 2), ("a", "b", 1),
        ])
    func distances(one: String, other: String, expected: Int) {
        #expect(NearestWord.distance(one, other) == expected)
        #expect(NearestWord.distance(other, one) == expected)
    }

    @Test("the nearest word is found, and none where half of the letters would have to change")
    func nearest() {
        #expect(NearestWord.find("detct", in: ["build", "detect", "doctor"]) == "detect")
        #expect(NearestWord.find("xyzzy", in: ["build", "detect"]) == nil)
        #expect(NearestWord.find("build", in: []) == nil)
        // Just half of a word may be another.
        #expect(NearestWord.find("ab", in: ["cb"]) == "cb")
        #expect(NearestWord.find("abc", in: ["axy"]) == nil)
    }
}
