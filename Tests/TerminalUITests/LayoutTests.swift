import Testing

@testable import TerminalUI

@Suite("Layout")
struct LayoutTests {
    private let layout = Layout.rows([
        .init(.cells(1), "head"),
        .init(
            .rest,
            .columns([
                .init(.cells(10), "left"), .init(.share(2, atLeast: 8), "middle"),
                .init(.share(1, atLeast: 6), "right"),
            ])),
        .init(.cells(1), "foot"),
    ])

    @Test("a screen is divided without gaps or overlaps")
    func sketch() {
        let size = Size(width: 46, height: 6)
        #expect(
            Layout.sketch(layout.areas(size: size), size: size) == """
                [head 46x1]
                ┌─left …─┐┌─middle 24x4──────────┐┌─right 1…─┐
                │        ││                      ││          │
                │        ││                      ││          │
                └────────┘└──────────────────────┘└──────────┘
                [foot 46x1]

                """)
        let areas = layout.areas(size: size)
        #expect(areas["left"] == Rect(x: 0, y: 1, width: 10, height: 4))
        #expect(areas["middle"] == Rect(x: 10, y: 1, width: 24, height: 4))
        #expect(areas["right"] == Rect(x: 34, y: 1, width: 12, height: 4))
        #expect(areas["foot"] == Rect(x: 0, y: 5, width: 46, height: 1))
    }

    @Test("every cell belongs to one area, at any size", arguments: 0...60)
    func tiling(width: Int) {
        for height in 0...8 {
            let size = Size(width: width, height: height)
            let areas = layout.areas(size: size).values
            #expect(areas.reduce(0) { $0 + $1.width * $1.height } == width * height)
            #expect(areas.allSatisfy { $0.intersection(Rect(size: size)) == $0 })
        }
    }

    @Test("shares keep their least, and the rest is given by weight")
    func shares() {
        let parts: [Layout.Part] = [
            .init(.share(1, atLeast: 20), "a"), .init(.share(1, atLeast: 0), "b"), .init(.share(2, atLeast: 0), "c"),
        ]
        #expect(Layout.divide(80, among: parts) == [20, 20, 40])
        #expect(Layout.divide(50, among: parts) == [20, 10, 20])
        #expect(Layout.divide(10, among: parts) == [10, 0, 0])
        #expect(Layout.divide(-5, among: parts) == [0, 0, 0])
    }
}
