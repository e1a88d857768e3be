import SystemPackage
import Testing

@testable import Console

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
}
