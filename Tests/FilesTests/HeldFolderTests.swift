import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("Folders that are locked while their process works there")
struct HeldFolderTests {
    @Test("Only what nobody holds and is this user's own folder of that prefix is removed")
    func abandoned() throws {
        try withTemporaryFolder { folder in
            let held = try HeldFolder(in: folder, prefix: "run-")
            try folder.appending("run-left/file").write("x")
            try folder.appending("other/file").write("x")
            try folder.appending("run-link").makeLink(to: "other")
            try #require(mkfifo(folder.appending("run-pipe").string, 0o600) == 0)
            HeldFolder.removeAbandoned(in: folder, prefix: "run-")
            #expect(Set(folder.names) == [held.path.lastComponent?.string, "other", "run-link", "run-pipe"])
            #expect(folder.appending("other/file").isThere)
            held.remove()
            #expect(!held.path.isThere)
        }
    }
}
