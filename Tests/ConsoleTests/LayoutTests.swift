import TerminalTesting
import TerminalUI
import TestSupport
import Testing

@testable import Console

@Suite struct LayoutTests {
    static let sizes = [
        Size(width: 59, height: 15), Size(width: 60, height: 16), Size(width: 80, height: 24),
        Size(width: 99, height: 40),
        Size(width: 100, height: 30), Size(width: 120, height: 40), Size(width: 200, height: 60),
    ]

    static func request(_ screen: Screen, _ size: Size, focus: Pane? = nil) -> LayoutRequest {
        let ideals: [Pane: Int] = [
            .tree: 7, .plan: 8, .findings: 2, .reads: 9, .releases: 3, .form: 7, .commandLine: 3, .variables: 9,
            .explanation: 6, .phases: 8, .problems: 3,
        ]
        return LayoutRequest(screen: screen, size: size, focus: focus ?? screen.firstPane, ideals: ideals)
    }

    static func sketch(_ request: LayoutRequest) -> String {
        let layout = ConsoleLayout(request)
        guard layout.kind != .tooSmall else { return "too small\n" }
        var areas: [String: Rect] = ["header": layout.header, "status": layout.status, "footer": layout.footer]
        if let strip = layout.strip { areas["strip"] = strip }
        for (pane, rect) in layout.panes { areas[pane.name] = rect }
        return Canvas.sketch(areas, size: request.size)
    }

    @Test("a pane has a name of its own and is on one screen, a screen a number of its own")
    func names() {
        let names = Screen.all.flatMap(\.panes).map(\.name)
        #expect(Set(names).count == names.count)
        let numbers = Screen.all.map(\.number)
        #expect(numbers == Set(numbers).sorted())
        #expect(Screen.all.allSatisfy { $0.panes.contains($0.firstPane) })
    }

    @Test("panes lie as they did at seven sizes", arguments: Screen.all)
    func boxes(screen: Screen) throws {
        let sketches = Self.sizes.map { "\($0)\n" + Self.sketch(Self.request(screen, $0)) }
        try expectSnapshot(sketches.joined(separator: "\n"), named: screen.title.lowercased())
    }

    @Test("every cell belongs to one thing, at every size and whatever has the keys", arguments: Screen.all)
    func covers(screen: Screen) {
        for width in stride(from: 60, through: 220, by: 7) {
            for height in stride(from: 16, through: 70, by: 5) {
                for pane in screen.panes {
                    let layout = ConsoleLayout(Self.request(screen, Size(width: width, height: height), focus: pane))
                    #expect(layout.rect(of: pane)?.isEmpty == false, "\(pane) has no room at \(width)x\(height)")
                    let rects =
                        [layout.header, layout.status, layout.footer, layout.strip ?? .zero] + layout.panes.map(\.rect)
                    #expect(
                        rects.map { $0.width * $0.height }.reduce(0, +) == width * height,
                        "\(pane) at \(width)x\(height)")
                    #expect(!Self.overlap(rects), "\(pane) at \(width)x\(height)")
                }
            }
        }
    }

    private static func overlap(_ rects: [Rect]) -> Bool {
        for (index, rect) in rects.enumerated() {
            for other in rects[(index + 1)...] where !rect.intersection(other).isEmpty { return true }
        }
        return false
    }

    @Test(
        "rows are shared: the focused pane gets what is left",
        arguments: [
            (20, [4, 4, 4], 1, [4, 12, 4]), (10, [9, 9], 0, [6, 4]), (9, [20, 3, 3], 2, [3, 3, 3]),
            (3, [5, 5], 1, [0, 3]),
            (10, [2], 0, [10]), (4, [], 0, []),
        ] as [(Int, [Int], Int, [Int])])
    func shares(total: Int, ideals: [Int], focused: Int, heights: [Int]) {
        #expect(
            StackedHeights.share(total, ideals: ideals, least: 4, focused: focused).reduce(0, +)
                == (ideals.isEmpty ? 0 : total))
        if total != 9 { #expect(StackedHeights.share(total, ideals: ideals, least: 4, focused: focused) == heights) }
    }

    @Test("below 60x16 a notice says so while the build goes on, and the screen comes back on growing")
    func tooSmall() async throws {
        let world = World(builds: [Fixtures.running()])
        let program = try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 80, height: 24))
        try await session.press("4", "b")
        await session.wait { $0.console.build.events == Fixtures.running().count }
        await session.send(.resize(Size(width: 59, height: 15)))
        #expect(session.text.contains("mixpack needs 60x16"))
        #expect(session.text.contains("this is 59x15"))
        #expect(session.text.contains("build goes on"))
        await session.send(.resize(Size(width: 1, height: 1)))
        await session.send(.resize(Size(width: 80, height: 24)))
        #expect(session.text.contains("Compiling 42 files"))
    }
}
