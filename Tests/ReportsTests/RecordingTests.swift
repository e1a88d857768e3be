import Diagnostics
import FoundationEssentials
import Lifecycle
import Reports
import SystemPackage
import TestSupport
import Testing

@Suite struct RecordingTests {
    @Test("a recording gives the events back")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("build.jsonl")
            let events = try BuildStories.success()
            try record(events, to: file)
            let recording = try Recording(contentsOf: file)
            #expect(recording.events == events)
            #expect(recording.header.version == "0.1.0")
        }
    }

    @Test("a recording that was cut off in a line keeps the lines before")
    func cutOff() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("build.jsonl")
            let events = try BuildStories.success()
            try record(events, to: file)
            let text = try file.readText()
            try file.write(String(text.dropLast(10)))
            #expect(try Recording(contentsOf: file).events == events.dropLast())
        }
    }

    @Test(
        "what is no recording is refused, with the line",
        arguments: [
            ("", "is not a mixpack recording"), ("hello\n", "is not a mixpack recording"),
            ("{}\n", "is not a mixpack recording"),
            (#"{"mixpack-recording":99,"version":"9.0.0"}"# + "\n", "has format 99"),
            (#"{"mixpack-recording":1,"version":"0.1.0"}"# + "\n{}\n", "build.jsonl:2: not an event"),
        ])
    func refused(_ text: String, _ message: String) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("build.jsonl")
            try file.write(text)
            let error = #expect(throws: Failure.self) { try Recording(contentsOf: file) }
            #expect(error?.message.contains(message) == true)
        }
    }

    @Test("a recording that is not there, or cannot be made, is one plain error")
    func missing() throws {
        try withTemporaryFolder { folder in
            let missing = #expect(throws: Failure.self) { try Recording(contentsOf: folder.appending("none")) }
            #expect(missing?.code == .unreadable)
            let unmade = #expect(throws: Failure.self) {
                try RecordingWriter(to: folder.appending("no/such/folder"), version: "1")
            }
            #expect(unmade?.code == .unwritable)
        }
    }

    private func record(_ events: [LifecycleEvent], to file: FilePath) throws {
        var writer = try RecordingWriter(to: file, version: "0.1.0")
        events.forEach { writer.handle($0) }
    }
}
