import Lifecycle
import TestSupport
import Testing

@testable import CLI
@testable import MixInspection

@Suite("The project.toml of mixpack init")
struct ProjectFileTextTests {
    private let project = MixProject(
        kind: .application, evidence: .evaluated, app: "shop", version: "1.2.3",
        releases: [MixRelease(name: "web", isDefined: true), MixRelease(name: "worker", isDefined: true)],
        variables: [
            .init(name: "GIT_SHA", phase: .build, need: .default, defaultValue: "none", file: "mix.exs", line: 4),
            .init(name: "GIT_SHA", phase: .build, need: .optional, file: "config/config.exs", line: 9),
            .init(name: "MIX_ENV", phase: .build, need: .optional, file: "mix.exs", line: 5),
            .init(name: "BUILD_TOKEN", phase: .build, need: .required, file: "mix.exs", line: 6),
            .init(name: "PORT", phase: .run, need: .default, defaultValue: "4000", file: "config/runtime.exs", line: 2),
        ])

    /// The file, and what a build reads of it.
    private func read(release: String?, _ variables: [String: String] = [:]) throws -> (String, ProjectDescriptor) {
        let text = ProjectFileText(project: project, release: release, variables: variables).text
        return try withTemporaryFolder { folder in
            try folder.appending("project.toml").write(text)
            return (text, try #require(try ProjectDescriptor(in: folder)))
        }
    }

    @Test("a build reads from it what was chosen, sorted by name, and odd values as they are")
    func chosen() throws {
        let (_, read) = try read(release: "web", ["ZONE": "eu", "GREETING": "say \"hi\"\\\n\u{1B}"])
        #expect(read.variables.map(\.name) == ["RELEASE", "GREETING", "ZONE"])
        #expect(read.variables.map(\.value) == ["web", "say \"hi\"\\\n\u{1B}", "eu"])
    }

    @Test("what was not chosen is commented out: the build reads nothing, and the first release is named")
    func nothingChosen() throws {
        let (text, read) = try read(release: nil)
        #expect(read.variables.isEmpty)
        #expect(read.builder == nil && read.exclusions.isEmpty && read.inclusions.isEmpty)
        #expect(text.contains("# name = \"RELEASE\"\n# value = \"web\""))
        #expect(text.contains("# name = \"GIT_SHA\"\n# value = \"none\""))
    }

    @Test("no secret's value gets into it, chosen or not; how to give it is said")
    func secrets() throws {
        let (text, read) = try read(release: "web", ["BUILD_TOKEN": "hunter2", "SECRET_KEY_BASE": "hunter2"])
        #expect(!text.contains("hunter2"))
        #expect(read.variables.map(\.name) == ["RELEASE"])
        #expect(!text.contains("SECRET_KEY_BASE"))
        let without = try self.read(release: nil).0
        #expect(without.contains("# A secret: give it with -e BUILD_TOKEN"))
    }

    @Test("each variable is told once, at its first place; those of the run are told and not set; MIX_ENV is mix's own")
    func variables() throws {
        let (text, _) = try read(release: nil)
        #expect(text.components(of: "by mix.exs:4").count == 2)
        #expect(!text.contains("config/config.exs:9") && !text.contains("MIX_ENV") && !text.contains("<>"))
        #expect(text.contains("#   PORT  default 4000  config/runtime.exs:2"))
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
