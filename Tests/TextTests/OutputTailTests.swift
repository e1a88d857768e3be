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
        let lines = (0..<1000).map { "line \($0)\n" }
        for line in lines { tail.add(line) }
        let heading = "[the beginning of a long output is left out]\n"
        #expect(tail.text.hasPrefix(heading))
        #expect(lines.joined().hasSuffix(tail.text.dropFirst(heading.count)))
        #expect(tail.text.utf8.count >= heading.utf8.count + 100)
        #expect(tail.text.utf8.count < 260)
    }
}
