import Diagnostics
import Files
import LayerArchive
import SystemPackage
import TestSupport
import Testing

@Suite struct ArReaderTests {
    @Test("members are where they are said to be, as ar writes them")
    func members() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("first").write("odd")
            try folder.appending("a-name-of-more-than-sixteen-bytes").write("second")
            let file = folder.appending("x.a")
            _ = try await run(
                try findTool("ar", package: "binutils"),
                ["rc", file.string, "first", "a-name-of-more-than-sixteen-bytes"],
                workingDirectory: folder
            ).succeeded()
            let bytes = try file.readBytes()
            let before = [UInt8](repeating: 7, count: 100)
            let inner = folder.appending("inner")
            try inner.replace(with: before + bytes)
            for (input, all) in [
                (ArchiveInput.file(file), bytes), (.bytes(bytes), bytes),
                (.file(inner, offset: 100, size: Int64(bytes.count)), before + bytes),
            ] {
                let reader = try ArReader(input)
                var found: [String: String] = [:]
                while let member = try reader.next() {
                    let content = all[Int(member.offset)..<Int(member.offset + member.size)]
                    found[member.name] = String(decoding: content, as: UTF8.self)
                }
                #expect(found["first"] == "odd" && found["a-name-of-more-than-sixteen-bytes"] == "second")
            }
        }
    }

    @Test("what is no archive of ar is refused", arguments: ["", "text", "!<arch>\nbroken"])
    func broken(text: String) throws {
        #expect(throws: Failure.self) {
            let reader = try ArReader(.bytes(Array(text.utf8)))
            while try reader.next() != nil {}
        }
    }
}
