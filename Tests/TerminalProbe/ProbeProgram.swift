import Glibc
import TerminalUI

/// Shows events as `#1:key:a;`, a row each, and does what single letters ask for.
struct ProbeProgram: Program {
    struct State: Sendable {
        var lines: [String] = []
        var isSized = false
        var wantsPaste = false
        var wantsMouse = false
        var title: String?
        var sample: StyledLine?
        var showsColours = false
    }

    let ignoresTermination: Bool

    func start() -> (State, Effect<String>) { (State(), .none) }

    func message(for event: InputEvent) -> String? {
        switch event {
        case .key(let chord): "key:\(chord)"
        case .paste(let text):
            "paste:\(text.map { $0 == "\n" ? "|" : $0 == " " ? "_" : $0 }.reduce(into: "") { $0.append($1) })"
        case .mouse(let mouse): "mouse:\(name(mouse.kind)):\(mouse.point.x),\(mouse.point.y)"
        case .resize(let size): "resize:\(size)"
        case .focus(let isIn): "focus:\(isIn)"
        case .resume: "resume"
        case .hangup: nil
        case .terminate: ignoresTermination ? "terminate" : nil
        }
    }

    private func name(_ kind: MouseEvent.Kind) -> String {
        switch kind {
        case .press: "press"
        case .release: "release"
        case .drag: "drag"
        case .wheelUp: "wheel-up"
        case .wheelDown: "wheel-down"
        case .wheelLeft: "wheel-left"
        case .wheelRight: "wheel-right"
        }
    }

    func update(_ state: inout State, _ message: String) -> Effect<String> {
        guard state.isSized || !message.hasPrefix("resize:") else {
            // The first only tells what the size is.
            state.isSized = true
            return .none
        }
        state.lines.append(message)
        switch message {
        case "key:q": return .quit
        case "key:p": state.wantsPaste.toggle()
        case "key:m": state.wantsMouse.toggle()
        case "key:t": state.title = "probe"
        case "key:x": return crash()
        case "key:e": _ = write(STDOUT_FILENO, "STRAY-OUTPUT\n", 13)
        case "key:s": return .withTerminalSuspended { lend() }
        case "key:y": return .setClipboard("copied text")
        case "key:b": return .bell
        case "key:C-l": return .redraw
        case "key:C-z": return .stop
        case "key:c":
            state.sample = StyledLine("red", .stateFailed).adding("plain", .text).adding("chosen", .listSelected)
        case "key:w": state.sample = "日本e\u{301}✓─\u{1F468}\u{200D}\u{1F469}|⚠\u{FE0F}👍🏽|"
        case "key:k": state.sample = "a\u{1B}[2Jb\u{7}c\td\u{9B}2Je|"
        case "key:C": state.showsColours = true
        case "key:X": exit(4)
        default: break
        }
        return .none
    }

    /// 300 pairs of colours, more than a byte can count.
    private func drawColours(on canvas: inout Canvas) {
        for number in 0..<300 {
            let style = Style(
                .text, foreground: .indexed(UInt8(16 + number % 200)), background: .indexed(UInt8(231 - number / 2)))
            canvas.write("x", at: Point(x: number % 75, y: 4 + number / 75), style: style)
        }
    }

    private func lend() -> String {
        _ = write(STDOUT_FILENO, "CHILD-OUTPUT\n", 13)
        return "back"
    }

    /// What a mistake in Swift code does.
    private func crash() -> Effect<String> {
        let empty: [Effect<String>] = []
        return empty[empty.count]
    }

    func view(_ state: State, size: Size) -> Frame {
        var canvas = Canvas(size: size)
        for (row, line) in state.lines.enumerated() {
            canvas.write("#\(row + 1):\(line);", at: Point(x: 0, y: row), .stateRunning)
        }
        canvas.write("ready:\(size)", at: Point(x: 0, y: size.height - 2))
        if state.showsColours { drawColours(on: &canvas) }
        if let sample = state.sample { canvas.write(sample, at: Point(x: 0, y: size.height - 1)) }
        return Frame(
            canvas, title: state.title, wantsPaste: state.wantsPaste, wantsMouse: state.wantsMouse)
    }
}
