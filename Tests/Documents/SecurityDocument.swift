import SystemPackage

/// The table of docs/security.md: what is promised, how it is tried, how often, and what came of it.
struct SecurityDocument {
    /// The names of all tests.
    let names: Set<String>

    /// Reads the names from the tests' sources.
    init(tests: FilePath) throws { names = Set(try ConformanceDocument(tests: tests).names) }

    /// The tests that a promise names and that do not exist.
    func missing(of promise: SecurityPromise) -> [String] { promise.tests.filter { !names.contains($0) } }

    /// The table.
    static var text: String {
        var text =
            "| promise | how it is tried | `make test` | `make soak` | result |\n| --- | --- | --- | --- | --- |\n"
        for promise in SecurityPromise.all {
            let tests = promise.tests.map(ConformanceDocument.text).joined(separator: "<br>").replacing(
                "|", with: "\\|")
            text +=
                "| \(promise.text) | \(tests) | \(promise.suite) | \(promise.soak ?? "the same") | \(promise.result) |\n"
        }
        return text
    }
}
