import BuildpackAPI
import Glibc
import Lifecycle
import Synchronization
import Testing

@testable import Reports

/// What a terminal shows is worked out from the bytes that it gets: `\r`, "erase the line", text and newlines.
@Suite("The line that says what is being done")
struct LiveLineTests {
    private final class Screen: Sendable {
        let state = Mutex<(lines: [String], time: Double)>(([""], 0))

        var lines: [String] { state.withLock { $0.lines } }

        func write(_ bytes: [UInt8]) {
            var text = String(decoding: bytes, as: UTF8.self)[...]
            state.withLock { state in
                while let character = text.popFirst() {
                    if character == "\r" {
                        #expect(text.hasPrefix("\u{1B}[K"), "only a whole line is erased")
                        text = text.dropFirst(3)
                        state.lines[state.lines.count - 1] = ""
                    } else if character == "\n" {
                        state.lines.append("")
                    } else {
                        state.lines[state.lines.count - 1].append(character)
                    }
                }
            }
        }
    }

    private func make(width: Int = 80) -> (Screen, LiveLine, TextSink) {
        let screen = Screen()
        let line = LiveLine(
            write: { screen.write($0) }, width: { width }, clock: { screen.state.withLock { $0.time } })
        return (screen, line, line.sink(over: TextSink { screen.write($0) }))
    }

    private func tick(_ screen: Screen, _ line: LiveLine, to time: Double) {
        screen.state.withLock { $0.time = time }
        line.draw()
    }

    @Test("it says the command and for how long, makes room for text, and is gone with the end")
    func command() {
        let (screen, line, sink) = make()
        line.handle(LifecycleEvent(at: 0, .phaseStarted(.build)))
        line.handle(LifecycleEvent(at: 0, .commandStarted(id: 1, buildpack: "a", text: "mix deps.get")))
        tick(screen, line, to: 0.3)
        #expect(screen.lines == [""], "a short step has no line")
        tick(screen, line, to: 12)
        #expect(screen.lines == ["build: mix deps.get, 12s"])
        sink.write("* Getting jason\n")
        #expect(screen.lines == ["* Getting jason", "build: mix deps.get, 12s"])
        line.handle(LifecycleEvent(at: 13, .commandEnded(id: 1, status: 0, seconds: 13)))
        line.handle(LifecycleEvent(at: 13, .phaseFinished(.build, .done, seconds: 13)))
        #expect(screen.lines == ["* Getting jason", ""])
        sink.write("done\n")
        tick(screen, line, to: 40)
        #expect(screen.lines == ["* Getting jason", "done", ""])
    }

    @Test("it says about how long is left, where that is known, and nothing once it takes longer")
    func timeLeft() {
        let (screen, line, _) = make()
        line.handle(LifecycleEvent(at: 0, .phaseStarted(.build)))
        let step = DependencyStep("plug", .compiling, number: 4, total: 24, secondsLeft: 42)
        line.handle(LifecycleEvent(at: 0, .dependency(step)))
        tick(screen, line, to: 2)
        #expect(screen.lines == ["build: compiling plug, 4 of 24, 2.0s, about 40s left"])
        tick(screen, line, to: 43)
        #expect(screen.lines == ["build: compiling plug, 4 of 24, 43s"])
    }

    @Test("it says the dependency with its number, and how much of a transfer is done")
    func amounts() {
        let (screen, line, _) = make()
        line.handle(LifecycleEvent(at: 0, .phaseStarted(.build)))
        line.handle(LifecycleEvent(at: 0, .dependency(DependencyStep("jason", .compiling, number: 3, total: 24))))
        tick(screen, line, to: 2)
        #expect(screen.lines == ["build: compiling jason, 3 of 24, 2.0s"])
        line.handle(LifecycleEvent(at: 2, .phaseStarted(.export)))
        for done in [0, 512, 1024] {
            line.handle(LifecycleEvent(at: 3, .progress(step: "writing oci:shop (kB)", done: done, total: 2048)))
        }
        tick(screen, line, to: 5)
        #expect(screen.lines == ["export: writing oci:shop (kB), 50 %, 3.0s"])
        line.handle(LifecycleEvent(at: 6, .imageWritten(place: "oci:shop")))
        tick(screen, line, to: 6)
        #expect(screen.lines == ["export, 1.0s"])
        line.handle(LifecycleEvent(at: 7, .cancelled))
        #expect(screen.lines == [""])
    }

    @Test(
        "it never goes on in the next row, and nothing that a terminal obeys comes from a step", arguments: [4, 20, 80])
    func width(_ width: Int) {
        let (screen, line, _) = make(width: width)
        let text = "mix \u{1B}[31mdo\u{1B}]0;title\u{07} \n" + String(repeating: "語", count: 100)
        line.handle(LifecycleEvent(at: 0, .commandStarted(id: 1, buildpack: "a", text: text)))
        tick(screen, line, to: 3)
        #expect(screen.lines.count == 1)
        #expect(screen.lines[0].reduce(0) { $0 + ($1.isASCII ? 1 : 2) } < width)
        #expect(!screen.lines[0].contains("\u{1B}") && screen.lines[0].hasPrefix("mix".prefix(width - 1)))
    }

    @Test("lines have pack's timestamps, in local time; what is no whole line too")
    func timestamps() {
        let collected = CollectedText()
        let moment = LocalTime(seconds: 1_557_882_061, microseconds: 42)
        collected.sink.stamped { moment }.write("one\n\ntwo\n")
        let stamp = "\(moment)"
        #expect(collected.text == "\(stamp) one\n\(stamp) \n\(stamp) two\n")
        #expect(stamp.hasSuffix(":01.000042") && stamp.hasPrefix("2019/05/1") && stamp.count == 26)
    }

    @Test("without colours, those of commands are gone and their text stays")
    func colours() {
        let collected = CollectedText()
        collected.sink.withoutColours().write("\u{1B}[31mred\u{1B}[0m and é\u{1B}[1;38;5;9mbold\u{1B}[m\n")
        #expect(collected.text == "red and ébold\n")
    }
}
