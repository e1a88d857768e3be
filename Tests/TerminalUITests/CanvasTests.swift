import TerminalTesting
import Testing

@testable import TerminalUI

@Suite("Canvas")
struct CanvasTests {
    @Test("a frame carries its title at the left and its counter at the right")
    func box() {
        var canvas = Canvas(size: Size(width: 26, height: 3))
        let inside = canvas.box(canvas.bounds, title: "Layers", counter: "3 of 7", focused: true)
        #expect(
            canvas.text == """
                ┌─Layers───────── 3 of 7 ┐
                │                        │
                └────────────────────────┘

                """)
        #expect(inside == Rect(x: 1, y: 1, width: 24, height: 1))
        #expect(canvas[Point(x: 2, y: 0)]?.style.role == .borderTitleFocused)
    }

    @Test("a long title gives way to the counter")
    func longTitle() {
        var canvas = Canvas(size: Size(width: 20, height: 2))
        canvas.box(canvas.bounds, title: "a title that is long", counter: "3 of 7")
        #expect(canvas.rows[0] == "┌─a title…─ 3 of 7 ┐")
        #expect(canvas.rows[0].columns == 20)
    }

    @Test("of a title with parts the last are left out before anything is cut")
    func titleParts() {
        let titles: [(Int, String)] = [
            (40, "shop  26 MB  100 %"), (24, "shop  26 MB"), (20, "shop"), (15, "sh…"),
        ]
        for (width, title) in titles {
            var canvas = Canvas(size: Size(width: width, height: 3))
            canvas.box(canvas.bounds, title: "shop  26 MB  100 %", counter: "3 of 7")
            let line = canvas.text.split(separator: "\n").first ?? ""
            #expect(line.contains("─\(title)─"), "\(line)")
        }
    }

    @Test("nothing is drawn outside the rectangle given, or outside the canvas")
    func clipping() {
        var canvas = Canvas(size: Size(width: 6, height: 2))
        let used = canvas.write("abcdef", at: Point(x: -1, y: 0), in: Rect(x: 0, y: 0, width: 3, height: 1))
        canvas.write("x", at: Point(x: 0, y: 5))
        canvas.write("日本", at: Point(x: 3, y: 1))
        #expect(used == 6)
        #expect(canvas.text == "bcd\n   日\n")
    }

    @Test("overwriting half of a wide glyph leaves a blank for the other half")
    func halves() {
        var canvas = Canvas(size: Size(width: 6, height: 1))
        canvas.write("日本語", at: .zero)
        canvas.write("x", at: Point(x: 1, y: 0))
        canvas.write("y", at: Point(x: 2, y: 0))
        #expect(canvas.text == " xy 語\n")
    }

    @Test("a row is cut with an ellipsis, its right end stays whole")
    func rows() {
        var canvas = Canvas(size: Size(width: 14, height: 2))
        canvas.draw(StyledLine("a long name of a layer"), in: canvas.bounds, trailing: StyledLine("12 MB", .number))
        canvas.draw(StyledLine("short"), in: canvas.bounds, row: 1, trailing: StyledLine("9 B", .number))
        #expect(canvas.text == "a long … 12 MB\nshort      9 B\n")
        #expect(canvas.roleText == "1:10-14 text.number \"12 MB\"\n2:12-14 text.number \"9 B\"\n")
    }

    @Test("only what changed is to be drawn")
    func difference() {
        var old = Canvas(size: Size(width: 10, height: 2))
        old.write("hello", at: .zero, .log)
        var new = Canvas(size: Size(width: 10, height: 2))
        new.fill(Rect(x: 9, y: 1, width: 1, height: 1), .button)
        new.write("hallo", at: .zero, .log)
        #expect(
            GridDifference(from: old, to: new).runs == [
                .init(y: 0, columns: 1..<2), .init(y: 1, columns: 9..<10),
            ])
        #expect(GridDifference(from: nil, to: new).runs.count == 2)
    }
}
