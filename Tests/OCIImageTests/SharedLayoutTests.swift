import OCIImage
import SystemPackage
import TestSupport
import Testing

/// Several programs write to one layout at the same time.
@Suite struct SharedLayoutTests {
    @Test("processes that write one layout at once leave every image whole, of the same name one of them")
    func processes() async throws {
        let writer = try builtProgram("mixpack-bench")
        try await withTemporaryFolder { folder in
            for number in 0..<3 {
                let tree = folder.appending("tree-\(number)")
                try tree.appending("own").write("tree \(number)")
                for file in 0..<50 {
                    try tree.appending("file-\(file)").write(String(repeating: "\(file)", count: 5000))
                }
            }
            let layout = folder.appending("layout")
            var programs: [RunningProgram] = []
            for round in 0..<9 {
                let tag = round % 2 == 0 ? "same" : "own-\(round)"
                programs.append(
                    try RunningProgram(
                        writer, ["image-work", "gzip", "\(folder)/tree-\(round % 3)", "\(layout):\(tag)"]))
            }
            for program in programs { _ = try await program.end().succeeded() }
            let tags = try LayoutDirectory(layout, tag: nil).tags().sorted()
            #expect(tags == ["own-1", "own-3", "own-5", "own-7", "same"])
            for tag in tags {
                let place = LayoutDirectory(layout, tag: tag)
                try await ImageValidator().validate(try await place.image(), blobs: place)
            }
            let rest = try layout.appending("blobs/sha256").names().filter { $0.hasPrefix(".") }
            #expect(rest.isEmpty)
            #expect(try layout.names() == ["blobs", "index.json", "oci-layout"])
        }
    }
}
