/// Asks until the answer is yes; the wait ends as soon as it is.
/// - Throws: `TestSupportError` that says what was waited for, when the deadline has passed.
public func eventually(
    _ what: @autoclosure () -> String, within deadline: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + deadline
    while try await !condition() {
        guard ContinuousClock.now < end else { throw TestSupportError("not within \(deadline): \(what())") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
