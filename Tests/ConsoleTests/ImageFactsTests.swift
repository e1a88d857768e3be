import OCIImage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("Packages, and what differs from the previous image", .timeLimit(.minutes(1)))
struct ImageFactsTests {
    private static func session(
        _ change: (inout ConsoleClients) -> Void
    ) async throws -> HeadlessSession<ConsoleProgram> {
        var clients = World().clients()
        change(&clients)
        let program = try ConsoleProgram(clients: clients, start: .image(place: "shop:latest"))
        return await HeadlessSession(program, size: Size(width: 120, height: 40))
    }

    @Test("B lists the applications by where they come from, with versions")
    func packages() async throws {
        let session = try await Self.session {
            $0.image.packages = { _ in
                [
                    ImagePackage(name: "web", version: "0.2.0", origin: "project", layer: "release", size: 90_000),
                    ImagePackage(
                        name: "plug", version: "1.16.1", origin: "dependency", layer: "deps",
                        summary: "Compose web applications", size: 400_000),
                ]
            }
        }
        try await session.press("B")
        #expect(session.text.contains("project, 1"))
        #expect(session.text.contains("web 0.2.0"))
        #expect(session.text.contains("dependency, 1"))
        #expect(session.text.contains("plug 1.16.1"))
    }

    @Test("P shows only the files that differ, with their marks, and P ends it")
    func compares() async throws {
        let session = try await Self.session {
            $0.image.other = { _, _ in
                var before = Fixtures.image()
                before.layers[3].summary.size -= 1_000_000
                return EarlierImage("the image of 2 h ago", contents: before)
            }
            $0.image.comparison = { _, _ in await Trees.comparison() }
        }
        try await session.press("P")
        try await session.press("Enter")
        try await session.press("Tab", "z")
        #expect(session.text.contains("Files: 1 added +800 B, 1 modified +11.0 kB, 1 deleted -12.0 kB against"))
        #expect(session.text.contains("release/"))
        #expect(!session.text.contains("passwd"))
        try await session.press("z")
        #expect(session.text.contains("+1.0 MB"))
        try await session.press("P")
        #expect(session.text.contains("Files of release"))
        #expect(!session.text.contains("without U"))
    }

    @Test("L shows the image of the next platform, which P compares with; one for another processor is not run")
    func platforms() async throws {
        let own = Fixtures.image()
        let ownDigest = try #require(own.manifestDigest)
        let otherDigest = try Digest("sha256:" + String(repeating: "b", count: 64))
        let platforms = [
            ImageContents.PlatformImage(.current, place: "shop:latest@\(ownDigest)", digest: ownDigest),
            ImageContents.PlatformImage(
                Platform(architecture: "other"), place: "shop:latest@\(otherDigest)", digest: otherDigest),
        ]
        let session = try await Self.session {
            $0.image.open = { place in
                var contents = own
                contents.name = place
                if place.hasSuffix("\(otherDigest)") {
                    contents.manifestDigest = otherDigest
                } else {
                    contents.platforms = platforms
                }
                return contents
            }
            $0.image.other = { _, comparand in
                guard case .image(let place) = comparand else { return EarlierImage("the one before", contents: own) }
                return EarlierImage(place, contents: own)
            }
        }
        #expect(session.text.contains("shop:latest  \(Platform.current)"))
        try await session.press("P")
        #expect(session.text.contains("linux/other"))
        try await session.press("Esc", "L")
        #expect(session.text.contains("shop:latest  linux/other"))
        try await session.press("r")
        #expect(session.text.contains("linux/other does not run on this machine"))
        try await session.press("L")
        #expect(session.text.contains("shop:latest  \(Platform.current)"))
    }

    @Test("without an image before, the layers of the last build are compared, or it says that there is none")
    func noneBefore() async throws {
        let session = try await Self.session { _ in }
        try await session.press("P")
        try await session.press("Enter")
        #expect(session.text.contains("no earlier build of this image"))
    }

    @Test("y copies the path of the chosen file, Y those of all that are shown")
    func copiesPaths() async throws {
        let world = World()
        let program = try ConsoleProgram(clients: world.clients(), start: .image(place: "shop:latest"))
        let session = await HeadlessSession(program, size: Size(width: 120, height: 40))
        try await session.press("Tab", "y", "Y")
        let copied = world.look { $0.copied }
        #expect(copied.first?.hasPrefix("/") == true)
        #expect(copied.last?.split(separator: "\n").first.map(String.init) == copied.first)
        #expect(copied.last?.split(separator: "\n").allSatisfy { $0.hasPrefix("/") } == true)
    }
}
