import Digests
import Files
import SystemPackage
import TestSupport
import Testing

/// A seeded part of the changes; `make soak` tries all.
@Suite("A folder that is written once and then read") struct SealedFolderTests {
    private func sealed(_ folder: FilePath) throws -> SealedFolder {
        for path in ["otp/bin/erl", "otp/lib/a.beam", "otp/lib/b.beam"] {
            try folder.appending(FilePath(path).components).write("the content of \(path)")
        }
        try folder.appending("otp/link").makeLink(to: "lib")
        let sealed = SealedFolder(folder.appending("otp"))
        try sealed.seal()
        return sealed
    }

    @Test("each change to a file of what mixpack has installed, or to its seal, is seen, with its times put back too")
    func damaged() throws {
        try withTemporaryFolder { folder in
            for seed in 0..<Corruption.rounds {
                let place = folder.appending("\(seed)")
                let sealed = try sealed(place)
                #expect(try sealed.isIntact())
                let what = try Corruption.strike(place, seed: seed)
                let seal = place.appending(".otp.seal")
                // A folder without a seal is one that came from elsewhere; a new hash of its stamps says nothing wrong.
                let lostItsSeal = !seal.exists
                #expect(try lostItsSeal || what.contains(".seal") || !sealed.isIntact(), "\(what)")
                try sealed.remove()
                #expect(try place.names() == [], "\(what)")
            }
        }
    }

    @Test("what is copied, or touched and left as it was, is intact; other contents, permissions and links are not")
    func kinds() throws {
        try withTemporaryFolder { folder in
            let sealed = try sealed(folder.appending("first"))
            let copy = SealedFolder(folder.appending("copy/otp"))
            try folder.appending("first").copyTree(to: folder.appending("copy"))
            try copy.path.appending("bin/erl").write("the content of otp/bin/erl")
            #expect(try copy.isIntact() && copy.isIntact())
            let changes: [(FilePath) throws -> Void] = [
                { try $0.appending("bin/erl").write("the content of otp/bin/erL") },
                { try $0.appending("bin/erl").setMode(0o755) },
                { try $0.appending("new").write("") },
                {
                    try $0.appending("link").remove()
                    try $0.appending("link").makeLink(to: "bin")
                },
            ]
            for (number, change) in changes.enumerated() {
                let place = folder.appending("\(number)")
                try folder.appending("first").copyTree(to: place)
                try change(place.appending("otp"))
                #expect(try !SealedFolder(place.appending("otp")).isIntact(), "\(number)")
            }
            #expect(try sealed.isIntact())
        }
    }

    @Test("a folder without a seal is taken as it is, and sealed")
    func adopted() throws {
        try withTemporaryFolder { folder in
            try folder.appending("otp/a").write("1")
            let sealed = SealedFolder(folder.appending("otp"))
            #expect(try sealed.isIntact())
            try folder.appending("otp/a").write("2")
            #expect(try !sealed.isIntact())
        }
    }
}
