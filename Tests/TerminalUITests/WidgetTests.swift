import TerminalTesting
import Testing

@testable import TerminalUI

@Suite("Widgets")
struct WidgetTests {
    private func drawn(_ width: Int, _ height: Int, _ draw: (Rect, inout Canvas) -> Void) -> String {
        var canvas = Canvas(size: Size(width: width, height: height))
        draw(canvas.bounds, &canvas)
        return canvas.text
    }

    @Test("the footer drops hints from its end and never the first", arguments: [(40, 3), (22, 2), (12, 1), (3, 1)])
    func footer(width: Int, count: Int) {
        let bar = HintBar([
            KeyHint(key: "?", text: "help"), KeyHint(key: "q", text: "back"), KeyHint(key: "Tab", text: "pane"),
        ])
        #expect(bar.shown(width: width).count == count)
        #expect(drawn(40, 1) { bar.draw(in: $0, on: &$1) } == " ?:help  q:back  Tab:pane\n")
        #expect(bar.index(at: Point(x: 10, y: 0), in: Rect(x: 0, y: 0, width: 40, height: 1)) == 1)
        #expect(bar.index(at: Point(x: 8, y: 0), in: Rect(x: 0, y: 0, width: 40, height: 1)) == nil)
    }

    @Test("a list shows where one is without colour, and a bar where it is longer than its place")
    func list() {
        var state = ListState()
        state.move(by: 3, count: 6, height: 3)
        let view = ListView(count: 6, state: state) {
            ListRow(StyledLine("row \($0)"), trailing: StyledLine("\($0) MB"))
        }
        #expect(
            drawn(20, 3) { view.draw(in: $0, on: &$1) }
                == " row 1        1 MB │\n row 2        2 MB ┃\n›row 3        3 MB │\n")
        let text = drawn(20, 3) { view.draw(in: $0, on: &$1) }
        #expect(text.split(separator: "\n").map { $0.prefix(6) } == [" row 1", " row 2", "›row 3"])
        #expect(text.contains("┃"))
        #expect(state.counter(count: 6) == "4 of 6")
        #expect(view.index(at: Point(x: 3, y: 1), in: Rect(x: 0, y: 0, width: 20, height: 3)) == 2)
    }

    @Test(
        "the choice of a list stays inside it, whatever happens to the list",
        arguments: [(0, 5), (1, 5), (3, 1), (100, 7), (5, 0)])
    func listBounds(count: Int, height: Int) {
        var state = ListState()
        for step in [5, -3, 40, -100, 99, -1] {
            state.move(by: step, count: count, height: height)
            #expect(state.selection >= 0 && state.selection <= max(0, count - 1))
            #expect(state.offset >= 0 && state.offset <= max(0, count - 1))
            #expect(state.selection - state.offset < max(1, height))
        }
        state.fit(count: 0, height: height)
        #expect(state.selection == 0)
        state.scroll(by: 3, count: count, height: height)
        #expect(state.selection >= state.offset)
    }

    private struct Node { let name: String; let below: [Node]? }

    @Test("a tree shows what is open, and asks for nothing below a closed branch")
    func tree() {
        let root = Node(
            name: "a", below: [Node(name: "b", below: [Node(name: "c", below: nil)]), Node(name: "d", below: nil)])
        var asked: [String] = []
        let rows = TreeRow<Node>.rows(of: [root], expanded: ["a"], id: \.name) {
            asked.append($0.name); return $0.below
        }
        #expect(rows.map { $0.guide.text + $0.node.name } == ["▾ a", "  ▸ b", "    d"])
        #expect(asked == ["a", "b", "d"])
        #expect(TreeRow.parent(of: 2, in: rows) == 0)
        #expect(TreeRow.parent(of: 0, in: rows) == nil)
        #expect(TreeRow.parent(of: 9, in: rows) == nil)
    }

    @Test("a field is edited by the usual keys")
    func field() throws {
        var field = TextFieldState("one two")
        for key in ["C-w", "x", "Left", "Left", "Del", "Home", "A", "End", "Backspace", "Z"] {
            #expect(field.handle(.key(try KeyChord(key))) != .ignored)
        }
        #expect(field.text == "AoneZ")
        #expect(field.handle(.paste("a\nb\tc")) == .edited)
        #expect(field.text.hasSuffix("a b c"))
        #expect(field.handle(.key(KeyChord(.enter))) == .submitted)
        #expect(field.handle(.key(KeyChord(.escape))) == .cancelled)
        #expect(field.handle(.key(KeyChord(.up))) == .ignored)
        #expect(field.handle(.key(.control("u"))) == .edited)
        #expect(field.isEmpty)
    }

    @Test("a long text is moved so that the cursor shows")
    func longField() {
        var canvas = Canvas(size: Size(width: 6, height: 1))
        let cursor = TextFieldView(TextFieldState("abcdefgh")).draw(in: canvas.bounds, on: &canvas)
        #expect(canvas.text == "defgh\n")
        #expect(cursor == Point(x: 5, y: 0))
    }

    @Test("a secret is in no cell, no description and no dump")
    func secret() {
        var field = SecretFieldState()
        #expect(field.handle(.paste("hunter2-é\n")) == .edited)
        #expect(field.handle(.key(.character("!"))) == .edited)
        #expect(field.withValue { $0 } == "hunter2-é!")
        #expect(field.handle(.key(KeyChord(.backspace))) == .edited)
        var canvas = Canvas(size: Size(width: 30, height: 1))
        SecretFieldView(field).draw(in: canvas.bounds, on: &canvas)
        #expect(canvas.text == "••• (9 chars)\n")
        var dumped = ""
        dump(field, to: &dumped)
        for text in ["\(field)", String(reflecting: field), dumped, "\([field])", "\(canvas)"] {
            #expect(!text.contains("hunter") && !text.contains("104, 117"), "\(text)")
        }
        field.wipe()
        #expect(field.isEmpty && field.masked.isEmpty)
    }

    @Test("a dialog asks, and its keys answer")
    func dialog() throws {
        let dialog = Dialog(
            title: "Cancel the build?", text: [StyledLine("Two commands are running and would be stopped.")],
            choices: [
                DialogChoice(key: .character("y"), title: "cancel it"),
                DialogChoice(key: .character("n"), title: "go on"),
            ])
        #expect(
            drawn(40, 8) { dialog.draw(in: $0, on: &$1) } == """

                 ┌─Cancel the build?──────────────────┐
                 │ Two commands are running and would │
                 │ be stopped.                        │
                 │                                    │
                 │  y cancel it   n go on             │
                 └────────────────────────────────────┘


                """)
        #expect(dialog.choice(for: .character("n")) == 1)
        #expect(dialog.choice(for: KeyChord(.enter)) == nil)
    }

    @Test("in ASCII every cell keeps its place")
    func ascii() {
        var canvas = Canvas(size: Size(width: 14, height: 3))
        canvas.write("✓ 日本 e\u{301}…", at: canvas.box(canvas.bounds, title: "Log").origin)
        #expect(canvas.ascii.text == "+-Log--------+\n|v ? ?  e~   |\n+------------+\n")
    }
}
