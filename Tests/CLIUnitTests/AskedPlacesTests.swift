import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("Places outside a project that its project.toml names")
struct AskedPlacesTests {
    private func toml(_ uri: String) -> String {
        "[_]\nschema-version = \"0.2\"\n[[io.buildpacks.group]]\nuri = \"\(uri)\"\n"
    }

    @Test(
        "a buildpack outside the project is refused until the user opens its place or names another",
        arguments: ["../outside", "ABSOLUTE", "link", "../outside.cnb", "oci:../outside"])
    func outside(uri: String) throws {
        try withTemporaryFolder { folder in
            let root = try #require(folder.realPath)
            let project = root.appending("project")
            try root.appending("outside/buildpack.toml").write("")
            try root.appending("outside.cnb").write("")
            try project.appending("inside/buildpack.toml").write("")
            try project.appending("link").makeLink(to: "../outside")
            let outside = root.appending(uri.hasSuffix(".cnb") ? "outside.cnb" : "outside")
            try project.appending("project.toml").write(
                toml(uri == "ABSOLUTE" ? outside.string : uri))
            var request = BuildRequest(image: try Reference("app"), project: project)
            let file = try ProjectFile(of: project)
            let error = #expect(throws: Failure.self) { try file.fill(&request, machine: Machine()) }
            #expect(error?.code == .outsideLinks && error?.choices == [outside.string], "\(String(describing: error))")
            #expect(error?.advice?.contains("--follow-links '\(outside)'") == true)
            #expect(throws: Failure.self) { try file.checkLinks(of: project, opened: [], context: nil) }
            request.selection.openedPaths = [outside]
            try file.fill(&request, machine: Machine())
            #expect(request.buildpacks.count == 1)
            var named = BuildRequest(image: try Reference("app"), project: project)
            named.buildpacks = [.folder("/elsewhere")]
            try file.fill(&named, machine: Machine())
            #expect(named.buildpacks == [.folder("/elsewhere")])
            try project.appending("project.toml").write(toml("inside"))
            var inside = BuildRequest(image: try Reference("app"), project: project)
            try ProjectFile(of: project).fill(&inside, machine: Machine())
            #expect(inside.buildpacks.count == 1)
        }
    }
}
