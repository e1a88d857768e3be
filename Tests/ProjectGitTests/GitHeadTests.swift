import Files
import SystemPackage
import TestSupport
import Testing

@testable import ProjectGit

@Suite("What is checked out, from the repository's files")
struct GitHeadTests {
    private static let commit = String(repeating: "0123456789", count: 4)

    private func head(_ files: [String: String]) throws -> GitHead? {
        try withTemporaryFolder { folder in
            for (name, text) in files { try folder.appending(".git").appending(FilePath(name).components).write(text) }
            return GitFolder(of: folder.realPath ?? folder, home: nil)?.head
        }
    }

    @Test("a branch, loose or packed; a commit alone; a branch without commits")
    func heads() throws {
        let branch = "ref: refs/heads/feature/cart\n"
        #expect(
            try head(["HEAD": branch, "refs/heads/feature/cart": Self.commit + "\n"])
                == GitHead(branch: "feature/cart", commit: Self.commit))
        #expect(
            try head(["HEAD": branch, "packed-refs": "# pack-refs\n\(Self.commit) refs/heads/feature/cart\n"])
                == GitHead(branch: "feature/cart", commit: Self.commit))
        #expect(try head(["HEAD": Self.commit + "\n"]) == GitHead(branch: nil, commit: Self.commit))
        #expect(try head(["HEAD": branch]) == GitHead(branch: "feature/cart", commit: nil))
    }

    @Test("a HEAD that leads out of the branches is not followed")
    func outside() throws {
        #expect(try head(["HEAD": "ref: refs/heads/../../secret\n", "secret": Self.commit]) == nil)
        #expect(try head(["HEAD": "ref: config\n", "config": Self.commit]) == nil)
        #expect(try head(["refs/heads/main": Self.commit]) == nil)
    }
}
