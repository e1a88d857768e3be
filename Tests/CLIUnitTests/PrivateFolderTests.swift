import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("The folder that is used without HOME") struct PrivateFolderTests {
    @Test("it is made for its owner alone, and taken again")
    func made() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("mixpack-1")
            try PrivateFolder.claim(path)
            #expect(FileStamp(of: path)?.mode == S_IFDIR | 0o700)
            try PrivateFolder.claim(path)
        }
    }

    @Test("one that somebody else may have made is refused: a link, a file, another owner, a mode that lets others in")
    func refused() throws {
        try withTemporaryFolder { folder in
            let own = folder.appending("own")
            #expect(mkdir(own.string, 0o700) == 0)
            let (link, file, open) = (folder.appending("link"), folder.appending("file"), folder.appending("open"))
            try link.makeLink(to: own.string)
            try file.write("")
            #expect(mkdir(open.string, 0o700) == 0 && chmod(open.string, 0o750) == 0)
            let cases = [
                (link, getuid(), "it is not a folder"), (file, getuid(), "it is not a folder"),
                (own, getuid() + 1, "it belongs to user \(getuid())"), (open, getuid(), "others can enter it"),
            ]
            for (path, user, reason) in cases {
                let error = #expect(throws: Failure.self) { try PrivateFolder.claim(path, user: user) }
                #expect(error?.code == .usage)
                #expect(error?.message == "HOME is not set, and \(path) cannot be used in its place: \(reason)")
                #expect(error?.advice?.contains("set HOME") == true)
            }
        }
    }

    @Test("with HOME no folder is made elsewhere")
    func home() throws { try Machine.claimHome(["HOME": "/nonexistent"]) }
}
