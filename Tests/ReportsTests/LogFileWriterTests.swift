import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import Reports
import TestSupport
import Testing

@Suite struct LogFileWriterTests {
    @Test("the log has everything, commands too")
    func content() throws {
        try withTemporaryFolder { folder in
            var log = try LogFileWriter(in: folder.appending("a/logs"), now: Date(timeIntervalSince1970: 1.25))
            try BuildStories.success().forEach { log.handle($0) }
            let text = try log.path.readText()
            #expect(text.contains("[mix-release] $ mix release hello\n"))
            #expect(text.hasSuffix("docker run -it --rm hello\n"))
            #expect(log.path.lastComponent?.string == "1970-01-01T00-00-01.250Z.log")
        }
    }

    @Test("the last 20 logs stay, and other files are left alone")
    func pruning() throws {
        try withTemporaryFolder { folder in
            try folder.appending("notes.txt").write("mine")
            for second in 0..<25 {
                _ = try LogFileWriter(in: folder, now: Date(timeIntervalSince1970: Double(second)))
            }
            let logs = LogFileWriter.logs(in: folder)
            #expect(logs.count == 20)
            #expect(logs.first?.lastComponent?.string == "1970-01-01T00-00-05.000Z.log")
            #expect(folder.appending("notes.txt").isThere)
        }
    }

    @Test("logs and recordings are for their owner alone, as is the folder of logs")
    func permissions() throws {
        try withTemporaryFolder { folder in
            let logs = folder.appending("a/logs")
            let log = try LogFileWriter(in: logs, now: Date(timeIntervalSince1970: 0))
            let recording = folder.appending("recording")
            _ = try RecordingWriter(to: recording, version: "1.0.0")
            #expect(FileStamp(of: logs)?.permissions == 0o700)
            #expect(FileStamp(of: log.path)?.permissions == 0o600)
            #expect(FileStamp(of: recording)?.permissions == 0o600)
        }
    }

    @Test("a folder that cannot be made is one plain error")
    func unwritable() throws {
        try withTemporaryFolder { folder in
            try folder.appending("file").write("")
            let error = #expect(throws: Failure.self) {
                try LogFileWriter(in: folder.appending("file/logs"), now: Date(timeIntervalSince1970: 0))
            }
            #expect(error?.code == .unwritable)
        }
    }
}
