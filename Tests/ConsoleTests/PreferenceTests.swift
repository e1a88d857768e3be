import Synchronization
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("What the user chooses for the console") struct PreferenceTests {
    private static let themes = ["terminal", "dark", "light"].map { Theme(name: $0, roles: [:]) }

    /// A console, and all that it kept.
    private final class Kept: Sendable {
        let values = Mutex<[ConsolePreferences]>([])
    }

    private static func session(
        _ kept: Kept, _ preferences: ConsolePreferences = ConsolePreferences()
    ) async throws -> HeadlessSession<ConsoleProgram> {
        var clients = World().clients()
        clients.app.savePreferences = { value in kept.values.withLock { $0.append(value) } }
        let settings = ConsoleSettings.with {
            $0.themes = themes
            $0.preferences = preferences
        }
        return await HeadlessSession(
            try ConsoleProgram(clients: clients, start: .project("/home/ann/shop"), settings: settings))
    }

    @Test("a theme is kept after one question; later choices without another")
    func keeps() async throws {
        let kept = Kept()
        let session = try await Self.session(kept)
        try await session.press("T", "j", "Enter")
        #expect(session.text.contains("Keep this theme for the next time?"))
        try await session.press("y")
        #expect(kept.values.withLock { $0.map(\.theme) } == ["dark"])
        try await session.press("T", "j", "Enter")
        #expect(!session.text.contains("Keep this theme"))
        try await session.press("#")
        #expect(kept.values.withLock { $0.map(\.theme) } == ["dark", "light", "light"])
        #expect(kept.values.withLock { $0.last?.ascii } == true)
    }

    @Test("a no is kept too: nothing else is, and the question does not come back")
    func refuses() async throws {
        let kept = Kept()
        let session = try await Self.session(kept)
        try await session.press("T", "j", "Enter", "n")
        #expect(kept.values.withLock { $0.map(\.keeps) } == [false])
        #expect(kept.values.withLock { $0.map(\.theme) } == ["terminal"])
        try await session.press("T", "j", "Enter")
        #expect(!session.text.contains("Keep this theme"))
        #expect(kept.values.withLock { $0.count } == 1)
    }

    @Test("options are asked about when their list is closed, if one was changed")
    func options() async throws {
        let kept = Kept()
        let session = try await Self.session(kept)
        try await session.press("O", "Esc")
        #expect(!session.text.contains("Keep these options"))
        try await session.press("O", "j", "Enter", "Esc")
        #expect(session.text.contains("Keep these options for the next time?"))
        try await session.press("y")
        #expect(kept.values.withLock { $0.last?.ascii } == true)
    }
}
