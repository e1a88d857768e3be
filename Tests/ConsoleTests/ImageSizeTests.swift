import Lifecycle
import OCIImage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("How large an image is", .timeLimit(.minutes(1)))
struct ImageSizeTests {
    private static func session(
        _ size: Size = Size(width: 120, height: 40), _ change: (inout ConsoleClients) -> Void = { _ in }
    ) async throws -> HeadlessSession<ConsoleProgram> {
        var clients = World().clients()
        change(&clients)
        let program = try ConsoleProgram(clients: clients, start: .image(place: "shop:latest"))
        let session = await HeadlessSession(program, size: size)
        await session.wait { $0.console.image.measure != nil || $0.console.image.measureProblem != nil }
        return session
    }

    /// The image before the last build, whose dependencies were smaller.
    private static var before: EarlierImage {
        var contents = Fixtures.image()
        contents.layers[2].summary.size -= 1_000_000
        return EarlierImage("the image of 2 h ago", contents: contents)
    }

    @Test("the frame has the name, the size with its difference, the files and the efficiency")
    func frame() async throws {
        let session = try await Self.session {
            $0.image.measure = { _ in
                var measure = Trees.measure
                measure.previous = Self.before
                return measure
            }
        }
        #expect(session.text.contains("shop:latest  132 MB (+1.0 MB)  3 126 files  98 %"), "\(session.text)")
        #expect(session.text.contains("+1.0 MB 34.0 MB"))
    }

    @Test("a layer shows the size of its files, not that of its tar")
    func content() async throws {
        let session = try await Self.session {
            $0.image.open = { _ in
                var contents = Fixtures.image()
                contents.layers[3].summary.size = 99_900_000
                return contents
            }
        }
        #expect(session.text.contains("14.1 MB"))
        #expect(!session.text.contains("99.9 MB"))
    }

    @Test("the cursor starts on what changed, and stays where the user puts it")
    func cursor() async throws {
        let session = try await Self.session()
        let chosen = await session.state()?.console.image.selectedLayer
        #expect(chosen?.name == "release")
        try await session.press("k", "k")
        await session.send(ConsoleProgram.Message(content: .image(.opened(Fixtures.image()))))
        #expect(await session.state()?.console.image.selectedLayer?.name == "base")
    }

    @Test("facts open with why, and name the diffID only if it differs from the digest")
    func facts() async throws {
        let session = try await Self.session()
        try await session.press("k", "k")
        let lines = session.text.split(separator: "\n").map(String.init)
        let why = try #require(lines.firstIndex { $0.contains("why    OTP and Elixir are the same") })
        let size = try #require(lines.firstIndex { $0.contains("size   52.0 MB") })
        #expect(why < size)
        #expect(session.text.contains("diffID sha256:dddd"))
        await session.send(
            ConsoleProgram.Message(
                content: .image(
                    .opened(
                        {
                            var contents = Fixtures.image()
                            contents.layers[1].digest = Fixtures.digests[3]
                            return contents
                        }()))))
        _ = await session.state()
        #expect(!session.text.contains("diffID"))
    }

    @Test("a builder is opened with what it says of itself; other images have no such facts")
    func builder() async throws {
        let session = try await Self.session()
        #expect(ImageState.Facts.all(of: Fixtures.image()).contains(.builder) == false)
        var contents = Fixtures.image()
        contents.manifestDigest = Fixtures.digests[3]
        contents.builder = ["Builder team/builder:1", "  user         1000:1000", "Detection order", " └ Group #1:"]
        await session.send(ConsoleProgram.Message(content: .image(.opened(contents))))
        _ = await session.state()
        for word in ["Builder team/builder:1", "user         1000:1000", "└ Group #1:"] {
            #expect(session.text.contains(word), "\(session.text)")
        }
        try await session.press("i")
        #expect(await session.state()?.console.image.facts == .layer)
        contents = Fixtures.image()
        await session.send(ConsoleProgram.Message(content: .image(.opened(contents))))
        #expect(await session.state()?.console.image.facts == .layer)
    }

    @Test("the end of a build and the list of past builds say how large the image is")
    func build() async throws {
        let size = ImageSize(bytes: 26_100_000, files: 1214, efficiency: 0.994, previousBytes: 26_088_000)
        var events = Fixtures.finished()
        var report = Fixtures.report()
        report.size = size
        events[events.count - 1] = LifecycleEvent(at: 6.7, .finished(report))
        var clients = World(builds: [events]).clients()
        clients.build.past = { _ in
            [PastBuild(id: "1", image: "shop:latest", age: "1 h ago", ending: .finished, seconds: 5, size: size)]
        }
        let program = try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 120, height: 40))
        try await session.press("4", "b")
        await session.wait { $0.outcome != nil }
        #expect(session.text.contains("built in 6.7s  26.1 MB (+12.0 kB), 1 214 files, 99 % efficient"))
        try await session.press("H")
        #expect(session.text.contains("26.1 MB (+12.0 kB)  1 214 files  99 %  5.0s"))
    }
}
