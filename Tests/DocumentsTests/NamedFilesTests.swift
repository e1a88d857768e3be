import SystemPackage
import TestSupport
import Testing

/// The files and functions that a page for developers names between backticks.
struct NamedFiles {
    /// The folders and files of the repository that a path may begin with.
    fileprivate static let roots = [
        "Sources/", "Tests/", "docs/", "samples/", "themes/", ".ci/", "Makefile", "Package.swift", "README.md",
        "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE",
    ]

    /// What one paragraph, item of a list or row of a table names.
    struct Paragraph {
        var paths: [String] = []
        /// As `Type.function(_:)`, or the function alone.
        var functions: [(type: String?, name: String)] = []
    }

    let paragraphs: [Paragraph]

    init(_ page: String) {
        paragraphs = Self.paragraphs(of: page).map(Paragraph.init(spans:))
    }

    var paths: [String] { paragraphs.flatMap(\.paths) }

    /// The paths that do not exist, and the functions that no file of their paragraph has.
    func complaints(in repository: FilePath) throws -> [String] {
        try paragraphs.flatMap { paragraph in
            let files = paragraph.paths.map { (path: $0, file: repository.appending(FilePath($0).components)) }
            let missing = files.filter { !$0.file.isThere }.map { "no file \($0.path)" }
            let sources = files.filter { $0.file.isThere && ["swift", "ex"].contains($0.file.extension) }
            let texts = try sources.map { try $0.file.readText() }
            let unknown = paragraph.functions.filter { function in
                !texts.contains { Self.has(function, in: $0) }
            }
            return missing + unknown.map { "no function \($0.name) in \(sources.map(\.path).joined(separator: ", "))" }
        }
    }

    private static func has(_ function: (type: String?, name: String), in text: String) -> Bool {
        let words = function.name == "init" ? ["init"] : ["func ", "def ", "defp "].map { $0 + function.name }
        let isNamed = words.contains { word in ["(", "<"].contains { text.contains(word + $0) } }
        return isNamed && function.type.map(text.contains) ?? true
    }

    /// The spans of each paragraph; those of blocks of code are left out.
    private static func paragraphs(of page: String) -> [[String]] {
        var texts = [""]
        var isCode = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.drop { $0 == " " }
            if words.hasPrefix("```") { isCode.toggle() }
            if isCode || words.hasPrefix("```") { continue }
            if words.isEmpty || words.prefixMatch(of: /- |\||[0-9]+\. |#/) != nil { texts.append("") }
            texts[texts.count - 1] += line + "\n"
        }
        return texts.map { text in
            let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
            return parts.indices.filter { !$0.isMultiple(of: 2) }.map { parts[$0] }
        }
    }
}

extension NamedFiles.Paragraph {
    /// Sorts what stands between backticks; patterns such as `Tests/*/Snapshots` are not paths.
    fileprivate init(spans: [String]) {
        for span in spans {
            if let match = span.wholeMatch(of: /(?:([A-Z][A-Za-z]*)\.)?([a-z][A-Za-z_]*)\(.*\)/) {
                functions.append((match.1.map(String.init), String(match.2)))
            } else if NamedFiles.roots.contains(where: span.hasPrefix), !span.contains(where: { "* <…".contains($0) }) {
                paths.append(span)
            }
        }
    }
}

@Suite struct NamedFilesTests {
    @Test(
        "a page for developers names only files that exist, and functions that are in them",
        arguments: ["docs/walkthrough.md", "docs/architecture.md", "CONTRIBUTING.md"])
    func names(in page: String) throws {
        let repository = try repositoryFolder()
        let named = NamedFiles(try repository.appending(FilePath(page).components).readText())
        #expect(!named.paths.isEmpty)
        #expect(try named.complaints(in: repository) == [])
    }

    @Test("a file that does not exist is named, and a function that its file does not have")
    func made() throws {
        let page = """
            1. `Makefile`, then `Tests/DocumentsTests/Absent.swift`:
               a line of it, `Tests/DocumentsTests/PageTests.swift`, `PageTests.stale()` and `absent(_:)`.
            2. `stale()` without a file; `Tests/*/Snapshots` is a pattern.
            - `Sources/Absent/` and `Tests/DocumentsTests/PageTests.swift`, `Elsewhere.stale()`

            ```
            `Sources/Code/` in a block
            ```
            """
        let complaints = try NamedFiles(page).complaints(in: try repositoryFolder())
        let file = "Tests/DocumentsTests/PageTests.swift"
        #expect(
            complaints == [
                "no file Tests/DocumentsTests/Absent.swift", "no function absent in \(file)",
                "no function stale in ", "no file Sources/Absent/", "no function stale in \(file)",
            ])
    }
}
