import Testing
import Text

struct OutputTailTests {
    @Test("a short output is kept whole")
    func short() {
        let tail = OutputTail(limit: 8)
        for chunk in ["one\n", "two\n", "three\n"] { tail.add(chunk) }
        #expect(tail.text == "one\ntwo\nthree\n")
    }

    @Test("of a long output the end is kept, with a line that says so, and at most twice the limit")
    func long() {
        let tail = OutputTail(limit: 100)
        for number in 0..<1000 { tail.add("line \(number)\n") }
        #expect(tail.text.hasPrefix("[the beginning of a long output is left out]\n"))
        #expect(tail.text.hasSuffix("line 999\n"))
        #expect(tail.text.utf8.count < 260)
    }
}
