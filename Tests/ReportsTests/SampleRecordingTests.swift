import Reports
import SystemPackage
import Testing

@Suite("The recordings among the samples")
struct SampleRecordingTests {
    @Test("Each can be read, and ends as a build does", arguments: ["umbrella", "edit", "broken"])
    func whole(name: String) throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let recording = try Recording(contentsOf: root.appending("samples/recordings/\(name).events"))
        #expect(recording.events.last?.isTerminal == true)
        #expect(recording.events.dropLast().allSatisfy { !$0.isTerminal })
    }
}
