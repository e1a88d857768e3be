import Console
import Files
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite struct ProjectSourceTests {
    private func lines(
        _ file: String, _ line: Int, in folder: FilePath, secrets: [(name: String, value: SecretValue)] = []
    ) -> [String]? {
        ProjectSource(project: folder, place: SourcePlace(file: file, line: line)).excerpt(without: secrets)?.lines
    }

    @Test("lines of a file within the project, and of nothing else")
    func within() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("shop")
            try project.appending("lib").makeFolders()
            try project.appending("lib/shop.ex").write("one\ntwo\nthree\n")
            try folder.appending("outside.ex").write("secret\n")
            try project.appending("lib/link.ex").makeLink(to: "../../outside.ex")
            #expect(lines("lib/shop.ex", 2, in: project) == ["one", "two", "three", ""])
            #expect(lines("lib/link.ex", 1, in: project) == nil)
            #expect(lines("../outside.ex", 1, in: project) == nil)
            #expect(lines(folder.appending("outside.ex").string, 1, in: project) == nil)
            #expect(lines("lib", 1, in: project) == nil)
            #expect(lines("lib/none.ex", 1, in: project) == nil)
        }
    }

    @Test("secrets are masked, and lines keep their numbers")
    func masks() throws {
        try withTemporaryFolder { folder in
            try folder.appending("a.exs").write("key = \"tops3cret\"\nfirst-line-of-it\nsecond-line-of-it\nend\n")
            let secrets = [("API_KEY", "tops3cret"), ("PEM", "first-line-of-it\nsecond-line-of-it")]
                .map { (name: $0.0, value: SecretValue($0.1)) }
            #expect(
                lines("a.exs", 4, in: folder, secrets: secrets)
                    == ["key = \"[API_KEY]\"", "[PEM]", "[PEM]", "end", ""])
        }
    }
}
