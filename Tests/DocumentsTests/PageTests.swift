import TestSupport
import Testing

@testable import Documents

@Suite struct PageTests {
    /// How the generated tables begin, and the lines of pictures.
    private static let tables = [
        "| Keys |", "| Action |", "| field |", "| item |", "| promise |", "| pack |", "<text ",
    ]

    @Test("a page that is out of date is named with the command that writes it, until that was run")
    func stale() throws {
        try withTemporaryFolder { folder in
            try repositoryFolder().appending("docs").copy(to: folder.appending("docs"))
            for part in ["DocumentsTests", "ConsoleTests/Snapshots"] {
                try repositoryFolder().appending("Tests/\(part)").copy(to: folder.appending("Tests/\(part)"))
            }
            for page in Page.all { _ = try page.write(in: folder) }
            #expect(try DocumentWriter.complaints(in: folder) == [])
            for page in Page.all {
                let file = folder.appending(page.path)
                var lines = try file.readText().split(separator: "\n", omittingEmptySubsequences: false)
                let row = try #require(lines.firstIndex { line in Self.tables.contains { line.hasPrefix($0) } })
                lines[row] = "| stale |"
                try file.write(lines.joined(separator: "\n"))
                let said = try DocumentWriter.complaints(in: folder)
                #expect(said.count == 1, "\(page.path)")
                #expect(said.first?.hasPrefix("\(page.path) is out of date: make docs writes it\n") == true)
                #expect(said.first?.contains("-\(row + 1): | stale |") == true)
                #expect(try page.write(in: folder))
                #expect(try !page.write(in: folder))
            }
        }
    }

    @Test("what people wrote around a generated part stays; without its marks the page is an error")
    func part() throws {
        try withTemporaryFolder { folder in
            let page = try #require(Page.all.first { $0.path == "docs/console.md" })
            let file = folder.appending(page.path)
            try file.write("above\n<!-- flags -->\nold\n<!-- flags -->\nbelow\n")
            #expect(try page.write(in: folder))
            let text = try file.readText()
            #expect(text.hasPrefix("above\n<!-- flags -->\n| Action |"))
            #expect(text.hasSuffix("|\n<!-- flags -->\nbelow\n"))
            try file.write("no marks\n")
            #expect(throws: TestSupportError.self) { try page.write(in: folder) }
        }
    }
}
