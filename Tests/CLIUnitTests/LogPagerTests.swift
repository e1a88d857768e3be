import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("A container's log in the pager")
struct LogPagerTests {
    @Test("the database's password is masked wherever it is, and is no word of the command")
    func masked() async throws {
        let password = "s3cret-of-sixteen.*"
        let log = "first \(password) and \(password)\n\(password)\nnothing \\ here\n"
        for hidden in [password, nil] {
            let command = LogPager(words: ["/bin/sh", "-c", "printf %s \"$TEXT\"", "engine"], hidden: hidden)
                .command("container")
            #expect(!command.words.contains { $0.contains(password) })
            var environment = ["PAGER": "cat", "TEXT": log, "PATH": "/usr/bin:/bin"]
            for (name, value) in command.environment { environment[name] = value.withValue { $0 } }
            let end = try await run(
                FilePath(command.words[0]), Array(command.words.dropFirst()), environment: environment
            ).succeeded()
            #expect(end.output == (hidden.map { log.replacing($0, with: "•••") } ?? log))
        }
    }
}
