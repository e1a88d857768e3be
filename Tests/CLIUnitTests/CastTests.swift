import Console
import FoundationEssentials
import Lifecycle
import Reports
import TerminalTesting
import TerminalUI
import TestSupport
import Testing

@testable import CLI

@Suite("Recordings as casts", .timeLimit(.minutes(1))) struct CastTests {
    @Test("a cast read back ends on the screen that the console shows", arguments: ["umbrella", "edit", "broken"])
    func readsBack(name: String) async throws {
        let recording = try recording(name)
        let cast = try await CastRun(name: "sample", recording: recording).cast()
        let lines = try lines(of: cast)
        let header = try JSONDecoder().decode(Header.self, from: Data(lines[0].utf8))
        #expect(header == Header(version: 2, width: 100, height: 30, title: "mixpack: sample"))
        let writes = try writes(lines)
        #expect(writes.map(\.seconds) == writes.map(\.seconds).sorted())
        let length = try #require(recording.events.last?.time)
        #expect(abs(try #require(writes.last).seconds - length - 2) < 0.002)
        var screen = Screen(width: header.width, height: header.height)
        for write in writes { screen.take(write.text) }
        let shown = screen.text
        let wanted = try #require(cast.screen).text
        #expect(shown == wanted, "\(lineDifference(from: wanted, to: shown))")
        #expect(shown.contains(name == "broken" ? "✗ stopped after" : "✓ shop:latest built in"))
    }

    @Test("what happens is shown when it happened, or at twice the speed in half of the time")
    func times() async throws {
        let recording = try recording("umbrella")
        let compiling = try #require(
            recording.events.first { event in
                if case .output(let output) = event.kind { output.text.contains("Generated web app") } else { false }
            }?.time)
        for speed in [1.0, 2.0] {
            let writes = try writes(await file(CastRun(name: "sample", recording: recording, speed: speed)))
            let first = try #require(writes.first { $0.text.contains("Generated web app") })
            #expect(abs(first.seconds - compiling / speed) < 0.034)
        }
    }

    @Test("a chatty build has no frame missing, and no more than 30 in a second")
    func chatty() async throws {
        var recording = try recording("edit")
        let lines = (0..<500).map { number in
            LifecycleEvent(at: 1 + Double(number) / 100, .output(Output(text: "line \(number)\n")))
        }
        recording.events = [recording.events[0]] + lines
        let times = try writes(await file(CastRun(name: "sample", recording: recording))).map(\.seconds)
        let gaps = zip(times.dropFirst(2), times.dropFirst(1)).map { $0 - $1 }
        #expect(gaps.dropLast().allSatisfy { $0 < 0.08 })
        #expect((140...165).contains(times.count))
    }

    @Test("a cast has what the recording has: a masked secret, and no control sequence of a command")
    func harmless() async throws {
        var recording = try recording("edit")
        let text = "token [API_TOKEN] \u{1B}]0;owned\u{7}\u{1B}[2Jcleared \u{1B}[31mred\n"
        recording.events.insert(LifecycleEvent(at: 1.2, .output(Output(text: text))), at: recording.events.count - 1)
        let all = try writes(await file(CastRun(name: "sample", recording: recording))).map(\.text).joined()
        #expect(all.contains("token [API_TOKEN]"))
        #expect(all.contains("cleared"))
        #expect(all.matches(of: #/\u{1B}\[2J/#).count == 1)
        #expect(!all.contains("\u{1B}]") && !all.contains("\u{7}"))
    }

    @Test("colours are the theme's: numbers of the palette, parts, or none")
    func colours() async throws {
        let recording = try recording("edit")
        var run = CastRun(name: "sample", recording: recording)
        run.depth = .indexed
        #expect(try writes(await file(run)).contains { $0.text.contains("\u{1B}[0;32m✓") })
        let dark = try #require(try Theme.builtIn("dark"))
        run.settings.themes = [dark]
        run.settings.theme = dark.name
        run.depth = .direct
        #expect(try writes(await file(run)).contains { $0.text.contains("\u{1B}[0;38;2;163;209;139m✓") })
        run.depth = .mono
        #expect(try !writes(await file(run)).contains { $0.text.contains(/\u{1B}\[[0-9;]*[34][0-9][0-9;]*m/) })
    }

    private struct Header: Decodable, Hashable {
        var version: Int
        var width: Int
        var height: Int
        var title: String
    }

    /// A line `[seconds, "o", text]`.
    private struct Write: Decodable {
        var seconds: Double
        var text: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            seconds = try list.decode(Double.self)
            let kind = try list.decode(String.self)
            guard kind == "o" else { throw TestSupportError("not output: \(kind)") }
            text = try list.decode(String.self)
        }
    }

    private func recording(_ name: String) throws -> Recording {
        try Recording(contentsOf: repositoryFolder().appending("samples/recordings/\(name).events"))
    }

    private func file(_ run: CastRun) async throws -> [String] {
        try lines(of: try await run.cast())
    }

    private func lines(of cast: Cast) throws -> [String] {
        String(decoding: try cast.bytes(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func writes(_ lines: [String]) throws -> [Write] {
        try lines.dropFirst().map { try JSONDecoder().decode(Write.self, from: Data($0.utf8)) }
    }

    /// A terminal that knows what a cast may write: places, colours, one clear, and text.
    private struct Screen {
        private var rows: [[String]]
        private var place = (x: 0, y: 0)

        init(width: Int, height: Int) {
            rows = Array(repeating: Array(repeating: " ", count: width), count: height)
        }

        var text: String {
            rows.map { row in String(row.joined().reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
                + "\n"
        }

        mutating func take(_ text: String) {
            var rest = text[...]
            while let first = rest.popFirst() {
                if first == "\u{1B}" {
                    let end = rest.firstIndex { $0.isLetter } ?? rest.endIndex
                    if rest[end...].first == "H" {
                        let numbers = rest[..<end].dropFirst().split(separator: ";").compactMap { Int($0) }
                        place = (numbers[1] - 1, numbers[0] - 1)
                    }
                    rest = rest[end...].dropFirst()
                } else {
                    rows[place.y][place.x] = String(first)
                    place.x += 1
                }
            }
        }
    }
}
