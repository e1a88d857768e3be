import SystemPackage
import TestSupport

/// docs/conformance.md, from the names of the tests and the table of items.
struct ConformanceDocument {
    /// The names of all tests, in the order of their files.
    let names: [String]

    /// Reads the names from the tests' sources.
    init(tests: FilePath) throws {
        var names: [String] = []
        // The tables of documents name tests, and are none.
        for path in try tests.tree() where path.hasSuffix(".swift") && !path.hasPrefix("Documents/") {
            let text = try tests.appending(path).readText()
            for line in text.matches(of: #/(?:@Test\(|^)\s*"((?:[^"\\]|\\.)*)"[,)]/#.anchorsMatchLineEndings()) {
                names.append(String(line.1).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\"))
            }
        }
        self.names = names
    }

    /// All sections.
    static let sections =
        ConformanceItem.buildpackSections + ConformanceItem.phaseSections + ConformanceItem.imageSections

    /// The numbers in front of a test's name, such as `D7, D8: …`.
    static func numbers(of name: String) -> [String] { split(name).numbers }

    /// A test's name without the numbers in front.
    static func text(of name: String) -> String { split(name).text }

    private static func split(_ name: String) -> (numbers: [String], text: String) {
        guard let colon = name.firstRange(of: ": ") else { return ([], name) }
        let numbers = name[..<colon.lowerBound].split(separator: ", ").map(String.init)
        let areNumbers = numbers.allSatisfy { number in
            number.first?.isUppercase == true && number.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
        }
        return areNumbers && !numbers.isEmpty ? (numbers, String(name[colon.upperBound...])) : ([], name)
    }

    /// The tests that prove an item; empty where it has none.
    func proofs(of item: ConformanceItem) -> [String] {
        let own = names.filter { Self.numbers(of: $0).contains(item.id) }.map(Self.text)
        if case .provenBy(let others) = item.state { return own + others }
        return own
    }

    /// The document.
    var text: String {
        let items = Self.sections.flatMap(\.items)
        let proven = items.count { !proofs(of: $0).isEmpty }
        var text = """
            # Conformance

            How mixpack follows the Cloud Native Buildpacks specification: Buildpack API 0.2 to 0.12, Platform API 0.15.
            `make docs` generates this page from the names of the tests, and `make check` compares it. Tests prove \
            \(proven) of \(items.count) items.

            """
        for section in Self.sections {
            text += "\n## \(section.title)\n\n| item | requirement | how mixpack meets it |\n| --- | --- | --- |\n"
            for item in section.items { text += "| \(item.id) | \(item.text) | \(standing(of: item)) |\n" }
        }
        return text
    }

    private func standing(of item: ConformanceItem) -> String {
        switch item.state {
        case .later(let reason): "later: \(reason)"
        case .doesNotApply(let reason): "does not apply: \(reason)"
        case .tested, .provenBy: proofs(of: item).joined(separator: "<br>").replacing("|", with: "\\|")
        }
    }
}
