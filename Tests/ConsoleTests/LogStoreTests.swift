import Testing

@testable import Console

@Suite struct LogStoreTests {
    @Test("keeps lines with what wrote them and when")
    func keepsLines() {
        var store = LogStore()
        store.append("one\ntwo\n", kind: .output, time: 1)
        store.append("three\n", kind: .errorOutput, time: 2)
        #expect(store.endLine == 3)
        #expect(store.kept(1)?.text == "two")
        #expect(store.kept(2)?.kind == .errorOutput)
        #expect(store.kept(2)?.time == 2)
        #expect(store.kept(3) == nil)
        #expect(store.kept(-1) == nil)
    }

    @Test("finds a text in lines of output alone, through their colours, and marks a line")
    func marks() {
        var store = LogStore()
        store.append("$ mix release is run\n", kind: .command, time: 0)
        store.append("ab mix releas\n\u{1B}[31mmix\u{1B}[0m release is run\n", kind: .output, time: 1)
        #expect(store.firstOutput(with: "mix release", in: 0..<3) == 2)
        #expect(store.firstOutput(with: "mix releas", in: 0..<3) == 1)
        #expect(store.firstOutput(with: "mix releasing", in: 0..<3) == nil)
        store.mark(2, as: .error)
        #expect(store.firstOutput(with: "mix release", in: 0..<3) == nil)
        #expect(store.kept(2)?.kind == .error && store.kept(1)?.kind == .output)
    }

    @Test(
        "takes what programs print as a terminal would show it",
        arguments: [
            ("plain", "plain"), ("10%\r50%\r100%\n", "100%"), ("abc\rX\n", "Xbc"), ("windows\r\n", "windows"),
            ("\u{1B}[31mred\u{1B}[0m\n", "red"), ("\u{1B}]0;title\u{07}text\n", "text"), ("cut \u{1B}[", "cut "),
            ("\n", ""), ("\u{1B}(Bset\n", "set"),
        ])
    func showsAsTerminal(printed: String, shown: String) {
        var store = LogStore()
        store.append(printed, kind: .output, time: 0)
        #expect(store.endLine == 1)
        #expect(store.kept(0)?.text == shown)
    }

    @Test("drops the oldest lines above its bounds and keeps their numbers")
    func dropsOldest() {
        var store = LogStore(maximumLines: 5000, maximumBytes: 1 << 20)
        for number in 0..<20_000 { store.append("line \(number)\n", kind: .output, time: Double(number)) }
        #expect(store.endLine == 20_000)
        #expect(store.count >= 5000 && store.count <= 6024)
        #expect(store.kept(store.firstLine)?.text == "line \(store.firstLine)")
        #expect(store.kept(store.firstLine - 1) == nil)
        #expect(store.kept(19_999)?.time == 19_999)

        let long = String(repeating: "x", count: 60_000) + "\n"
        for _ in 0..<100 { store.append(long, kind: .output, time: 0) }
        #expect(store.footprint <= (1 << 20) + (256 << 10))
    }

    @Test("walks a range in order, across segments, until told to stop")
    func walks() {
        var store = LogStore()
        for number in 0..<3000 { store.append("\(number)\n", kind: .output, time: 0) }
        var seen: [Int] = []
        store.forEachLine(in: 1020..<1030) { line in
            seen.append(Int(line.text) ?? -1)
            return seen.count < 8
        }
        #expect(seen == Array(1020..<1028))
    }

    @Test("an empty chunk is no line")
    func emptyChunk() {
        var store = LogStore()
        store.append("", kind: .output, time: 0)
        #expect(store.isEmpty)
    }
}
