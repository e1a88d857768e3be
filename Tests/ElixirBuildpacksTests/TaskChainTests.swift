import Testing

@testable import ElixirBuildpacks

@Suite("Several tasks of mix in one VM")
struct TaskChainTests {
    @Test(
        "a plus is between them, but Elixir before 1.14 knows commas only",
        arguments: [
            ("1.13.4", "do a --x, b, c d"), ("1.14.0", "do a --x + b + c d"), ("1.20.0-rc.1", "do a --x + b + c d"),
            ("main", "do a --x + b + c d"),
        ])
    func separators(version: String, words: String) {
        let chain = TaskChain(tasks: [["a", "--x"], ["b"], ["c", "d"]])
        #expect(chain.words(for: version).joined(separator: " ") == words)
    }

    @Test("one task alone has no separator")
    func one() { #expect(TaskChain(tasks: [["compile"]]).words(for: "1.14.0") == ["do", "compile"]) }
}
