import SystemPackage
import TerminalUI
import TestSupport
import Testing

@testable import Console

@Suite("Every screen in every state", .timeLimit(.minutes(5)))
struct ScreenTests {
    @Test(
        "looks as it did: characters and roles",
        arguments: ProjectScenes.all + BuildScenes.all + ImageScenes.all + RunScenes.all + ImagesScenes.all
            + EverywhereScenes.all)
    func looks(scene: Scene) async throws { try await expectSnapshot(of: scene) }

    @Test("a recording of samples/ looks as it did", arguments: try ReplayScenes.all())
    func replays(scene: Scene) async throws { try await expectSnapshot(of: scene) }

    @Test("a state that docs/images shows looks as it did", arguments: try PictureScenes.all())
    func pictures(scene: Scene) async throws { try await expectSnapshot(of: scene) }

    @Test("every state has a name and a file of its own, and every file a state")
    func names() throws {
        let scenes =
            try ProjectScenes.all + BuildScenes.all + ImageScenes.all + RunScenes.all + ImagesScenes.all
            + EverywhereScenes.all + ReplayScenes.all() + PictureScenes.all()
        let folder = FilePath(#filePath).removingLastComponent().appending("Snapshots/ScreenTests")
        #expect(try scenes.map { "\($0.name).txt" }.sorted() == folder.names().sorted())
    }

    /// One file a state: its sizes one under the other.
    private func expectSnapshot(of scene: Scene) async throws {
        var parts: [String] = []
        for size in scene.sizes {
            let canvas = try #require(await scene.session(size).terminal.frame?.canvas)
            parts.append("\(size)\n\(ScreenSnapshot(canvas).text)")
        }
        try TestSupport.expectSnapshot(parts.joined(separator: "\n"), named: scene.name)
    }
}
