import TerminalUI
import Testing

@testable import Console

@Suite("Without colour", .timeLimit(.minutes(3)))
struct ColourlessTests {
    private static let states: [Role] = [
        .stateOK, .stateFailed, .stateWarning, .stateRunning, .statePending, .stateSkipped,
    ]
    private static let changes: [Role] = [.diffAdded, .diffModified, .diffRemoved, .diffUnchanged]

    @Test("what has a colour of its own has words or a mark of its own, on every screen", arguments: [states, changes])
    func marks(roles: [Role]) async throws {
        var seen: [String: Set<Role>] = [:]
        for scene in ProjectScenes.all + BuildScenes.all + ImageScenes.all {
            let session = try await scene.session(Size(width: 120, height: 40))
            guard let canvas = session.terminal.frame?.canvas else { continue }
            for (text, role) in Self.runs(canvas) where roles.contains(role) {
                // What did not change is a blank where others have their letter.
                #expect(!text.isEmpty || role == .diffUnchanged, "\(role) in \(scene.name) is nothing but colour")
                seen[text, default: []].insert(role)
            }
        }
        #expect(seen.count > roles.count)
        let alike = seen.filter { $0.value.count > 1 }
        #expect(alike.isEmpty, "the same text in several colours: \(alike)")
    }

    /// The stretches of one role in each row, without the blanks around them.
    private static func runs(_ canvas: Canvas) -> [(text: String, role: Role)] {
        (0..<canvas.size.height).flatMap { y in
            var runs: [(text: String, role: Role)] = []
            for x in 0..<canvas.size.width {
                guard let cell = canvas[Point(x: x, y: y)] else { continue }
                if let last = runs.last, last.role == cell.style.role {
                    runs[runs.count - 1].text += cell.text
                } else {
                    runs.append((cell.text, cell.style.role))
                }
            }
            return runs.map { ($0.text.trimmed, $0.role) }
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
