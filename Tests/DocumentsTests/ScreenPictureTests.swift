import TerminalUI
import TestSupport
import Testing

@testable import Documents

@Suite struct ScreenPictureTests {
    private static let snapshot = """
        6x7
        ┌──┐日
        │a │
        (3 more)
        └──┘ █
        <&>
        1: 1-4 border.focused
        3: 2 state.failed bold, 3 list.selected
        6: 1-4 border.focused

        120x40
        """

    @Test("a snapshot becomes cells: repeated rows, wide characters, roles, and the sides of frames")
    func reads() throws {
        let screen = try SnapshotScreen(Self.snapshot)
        #expect(screen.size == Size(width: 6, height: 7))
        #expect(screen.rows.count == 7 && screen.rows.allSatisfy { $0.count == 6 })
        #expect(screen.rows[0].map(\.text) == ["┌", "─", "─", "┐", "日", ""])
        #expect(screen.rows[4].map(\.text).joined() == "│a │  ")
        #expect(screen.rows[4][0].style == Style(.borderFocused))
        #expect(screen.rows[4][1].style == Style(.text))
        #expect(screen.rows[2][1].style == Style(.stateFailed, attributes: .bold))
        #expect(screen.rows[2][2].style == Style(.listSelected))
    }

    @Test("a picture has the text at its columns in the theme's colours, and lines and blocks as shapes")
    func draws() throws {
        let svg = try ScreenPicture(of: Self.snapshot, title: "a < b").svg
        #expect(svg.contains("<title>a &lt; b</title>"))
        #expect(svg.contains(##"<text x="36" y="14" fill="#D8DEE9">日</text>"##))
        #expect(svg.contains(##"<text x="9" y="52" fill="#F08A8F" font-weight="bold">a</text>"##))
        #expect(svg.contains(##"<rect x="18" y="38" width="9" height="19" fill="#7CC7E8"/>"##))
        #expect(svg.contains(##"<rect x="45" y="95" width="9" height="19" fill="#D8DEE9"/>"##))
        #expect(svg.contains(##"<text x="0" y="128" fill="#D8DEE9" textLength="27">&lt;&amp;&gt;</text>"##))
        #expect(svg.contains(##"<path d="M4.5 19V38" stroke="#7CC7E8" fill="none"/>"##))
        #expect(!svg.contains("│") && !svg.contains("─") && !svg.contains("█"))
    }

    @Test(
        "what is not as a snapshot has it is an error",
        arguments: [
            "", "80", "3x3\na\n", "1x1\na\n1: 1 nobody\n", "1x1\na\n2: 1 text\n", "1x1\na\n1: 1-9 text\n",
            "1x1\na\n1: 0 text\n", "1x1\na\n1: 1 text in bright-red\n", "1x1\na\nroles\n",
        ])
    func refused(_ text: String) {
        #expect(throws: TestSupportError.self) { try SnapshotScreen(text) }
    }
}
