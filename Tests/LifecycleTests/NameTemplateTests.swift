import Diagnostics
import OCIImage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Names with fields")
struct NameTemplateTests {
    private static let values: [NameTemplate.Field: String] = [
        .version: "1.2.0-rc.1+build", .commit: "0123456789ab", .branch: "feature/Cart #2", .date: "20250131",
    ]

    @Test(
        "fields are filled in; what a tag cannot have becomes a dash",
        arguments: [
            ("shop:{version}", "shop:1.2.0-rc.1-build"),
            ("shop:{git.branch}-{git.sha}", "shop:feature-Cart--2-0123456789ab"),
            (":{date}", "localhost:5000/team/shop:20250131"), ("other", "other:latest"),
        ])
    func filled(_ text: String, name: String) throws {
        let image = try Reference("localhost:5000/team/shop:1")
        #expect(try NameTemplate(text).reference(Self.values, of: image).description == name)
    }

    @Test("a field that there is not, and a text that is not a name, are refused with what there is")
    func wrong() {
        for text in ["shop:{sha}", "shop:{version", "shop:{}", "Shop:{version}", "shop:{version}/x y"] {
            let error = #expect(throws: Failure.self) { try NameTemplate(text) }
            #expect(error?.code == .usage, "\(text)")
        }
        let error = #expect(throws: Failure.self) { try NameTemplate("shop:{sha}") }
        #expect(error?.advice == "there are: {version}, {git.sha}, {git.branch}, {date}")
    }

    @Test("a field without a value is named")
    func missing() throws {
        let template = try NameTemplate("shop:{git.sha}")
        let error = #expect(throws: Failure.self) { try template.reference([:], of: Reference("shop")) }
        #expect(error?.message.contains("{git.sha} is not known here") == true)
    }

    @Test("project.toml has tags with fields; what the command line says counts instead")
    func projectFile() throws {
        try withTemporaryFolder { folder in
            try folder.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[mixpack]\ntags = [\"shop:{version}\", \":stable\"]\n")
            let descriptor = try #require(try ProjectDescriptor(in: folder))
            var request = BuildRequest(image: try Reference("shop"), project: folder)
            descriptor.fill(&request)
            #expect(request.tagTemplates.map(\.text) == ["shop:{version}", ":stable"])
            request.tagTemplates = []
            request.tags = [try Reference("shop:mine")]
            descriptor.fill(&request)
            #expect(request.tagTemplates.isEmpty)
            try folder.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[mixpack]\ntags = [\"shop:{nonsense}\"]\n")
            let error = #expect(throws: Failure.self) { try ProjectDescriptor(in: folder) }
            #expect(error?.message.contains("{nonsense} is not a field") == true)
        }
    }
}
