import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("The mouse", .timeLimit(.minutes(1)))
struct MouseTests {
    static func session() async throws -> HeadlessSession<ConsoleProgram> {
        await HeadlessSession(try ConsoleProgram(clients: World().clients(), start: .project("/home/ann/shop")))
    }

    static func click(_ session: HeadlessSession<ConsoleProgram>, on text: String) async throws {
        let rows = session.text.split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(rows.firstIndex { $0.contains(text) })
        let row = rows[y]
        let x = try #require(row.firstRange(of: text)).lowerBound
        await session.send(
            .mouse(MouseEvent(.press(.left), at: Point(x: row.distance(from: row.startIndex, to: x), y: y))))
    }

    @Test("tabs, rows and footer hints can be clicked; a click on the chosen row opens it")
    func clicks() async throws {
        let session = try await Self.session()
        try await Self.click(session, on: "2 Release")
        #expect(await session.state()?.console.screen == .release)
        try await Self.click(session, on: "worker_rel")
        #expect(await session.state()?.console.release.list.selection == 1)
        #expect(await session.state()?.console.release.chosen == "web_rel")
        try await Self.click(session, on: "worker_rel")
        #expect(await session.state()?.console.release.chosen == "worker_rel")
        try await Self.click(session, on: "?:help")
        #expect(session.text.contains("Help"))
    }

    @Test("the wheel scrolls the pane under the pointer and leaves the keys where they are")
    func wheel() async throws {
        let world = World(builds: [Fixtures.failed()])
        let session = await HeadlessSession(
            try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop")))
        try await session.press("4", "b")
        await session.wait { $0.outcome != nil }
        try await session.press("S-Tab", "S-Tab")
        await session.send(.mouse(MouseEvent(.wheelUp, at: Point(x: 10, y: 18))))
        #expect(await session.state()?.console.build.log.follows == false)
        #expect(await session.state()?.console.focusedPane == .layers)
    }

    @Test("M gives the mouse to the terminal and takes it back; a drag says how to select text")
    func released() async throws {
        let session = try await Self.session()
        #expect(session.terminal.frame?.wantsMouse == true)
        await session.send(.mouse(MouseEvent(.drag(.left), at: Point(x: 5, y: 5))))
        #expect(session.text.contains("Shift (or Option) selects text"))
        try await session.press("M")
        #expect(session.terminal.frame?.wantsMouse == false)
    }
}
