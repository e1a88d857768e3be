import Diagnostics
import OCIImage
import SystemPackage
import Testing

@testable import Console
@testable import MixInspection

@Suite struct ProjectFileTests {
    @Test("the Project screen tells what project.toml says, under its name; without one it tells nothing")
    func rows() {
        var inspection = ProjectInspection(path: "/shop", stage: .settled)
        #expect(!ProjectRows.plan(inspection).map(\.text).contains { $0.contains("project.toml") })
        inspection.projectFile = ["leaves out docs/", "gives RELEASE"]
        inspection.buildpacks = [.init(id: "test/script", version: "0.0.0", purpose: "a script")]
        let text = ProjectRows.plan(inspection).map(\.text)
        #expect(text.contains { $0.contains("script") })
        let heading = text.firstIndex { $0.contains("project.toml") }
        #expect(heading.map { text[($0 + 1)...].prefix(2) } == ["  leaves out docs/", "  gives RELEASE"])
    }

    @Test("what is left out of the copy has a row for each folder, so that none is cut off")
    func leftOut() {
        var inspection = ProjectInspection(path: "/shop", stage: .settled)
        inspection.project = MixProject(kind: .application, evidence: .evaluated, app: "shop")
        #expect(!ProjectRows.tree(inspection).contains { $0.text.contains("left out") })
        inspection.leftOut = [".elixir_ls", "../shared/doc"]
        let rows = ProjectRows.tree(inspection).map(\.text)
        #expect(rows.suffix(3) == ["left out of the copy:", "  .elixir_ls", "  ../shared/doc"], "\(rows)")
    }

    @Test("with a builder the Project screen shows its stack, its run image and its order, or why that is not known")
    func builder() throws {
        var inspection = ProjectInspection(path: "/shop", stage: .settled)
        inspection.buildpacks = [.init(id: "own/script", version: "0.0.0", purpose: "a script")]
        var release = ReleaseState()
        release.setText("team/builder", of: .builder)
        #expect(
            ProjectRows.plan(inspection, release).map(\.text).contains(
                "  not on this machine; a build fetches it"))
        release.isBuilderAsked = true
        #expect(ProjectRows.plan(inspection, release).map(\.text).contains("  reading…"))
        let digest = try Digest("sha256:" + String(repeating: "b", count: 64))
        release.builderSummary = .success(
            BuilderSummary(
                place: "docker://team/builder", digest: digest, stack: "team.stack",
                order: [["test/one@1.0.0", "test/two (optional)"], ["test/three"]],
                runImages: ["team/run:1", "near/run:1"]))
        let text = ProjectRows.plan(inspection, release).map(\.text)
        for line in [
            "  docker://team/builder  \(digest.short)", "  stack      team.stack",
            "  run image  team/run:1  and a mirror",
            "  order      test/one@1.0.0, test/two (optional)", "  or         test/three",
        ] {
            #expect(text.contains(line), "\(line): \(text)")
        }
        #expect(!text.contains { $0.contains("script") })
        release.builderSummary = .failure(Failure(.notFound, "no builder at team/builder"))
        #expect(ProjectRows.plan(inspection, release).map(\.text).contains("✗ no builder at team/builder"))
    }
}
