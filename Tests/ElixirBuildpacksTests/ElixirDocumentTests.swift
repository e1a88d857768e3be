import SystemPackage
import TestSupport
import Testing

@Suite("docs/elixir.md")
struct ElixirDocumentTests {
    /// The cells of the table's rows: the problem, what mixpack does, and the suites that prove it.
    private static func rows() throws -> [[String]] {
        let text = try repositoryFolder().appending("docs/elixir.md").readText()
        let lines = text.split(separator: "\n").drop { !$0.hasPrefix("| problem |") }.prefix { $0.hasPrefix("|") }
        return lines.dropFirst(2).map { line in
            line.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }

    @Test("Every row of the table is shown by suites that there are, or says why it is for later")
    func rows() async throws {
        let tests = try repositoryFolder().appending("Tests")
        let found = try await run("/bin/grep", ["-rhoE", "--include=*.swift", "struct [A-Za-z]+Tests", tests.string])
        let suites = Set(found.lines.compactMap { $0.split(separator: " ").last })
        let rows = try Self.rows()
        #expect(rows.count >= 24)
        for row in rows {
            try #require(row.count == 3, "\(row)")
            let named = row[2].split { ", ".contains($0) }
            let isLater = row[1].hasPrefix("later: ")
            #expect(isLater || !named.isEmpty, "\(row[0]) is shown by nothing")
            for name in named { #expect(suites.contains(name), "\(row[0]): there is no \(name)") }
        }
    }
}
