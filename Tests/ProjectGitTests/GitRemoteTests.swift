import Files
import SystemPackage
import TestSupport
import Testing

@testable import ProjectGit

@Suite("Where others find a repository")
struct GitRemoteTests {
    private func address(_ configuration: String, head: String = "ref: refs/heads/main\n") throws -> String? {
        try withTemporaryFolder { folder in
            try folder.appending(".git/config").write(configuration)
            try folder.appending(".git/HEAD").write(head)
            return GitFolder(of: folder.realPath ?? folder, home: nil)?.remoteAddress
        }
    }

    @Test("the remote of the branch, or else origin, without user and password")
    func remotes() throws {
        let origin = "[remote \"origin\"]\n\turl = https://me:s3cret@git.example/team/shop.git\n"
        let fork = "[remote \"fork\"]\n\turl = ssh://me@fork.example/shop\n[branch \"main\"]\n\tremote = fork\n"
        #expect(try address(origin) == "https://git.example/team/shop.git")
        #expect(try address(origin + fork) == "ssh://fork.example/shop")
        #expect(try address(origin + fork, head: "ref: refs/heads/other\n") == "https://git.example/team/shop.git")
        #expect(try address("[core]\n\tbare = false\n") == nil)
        #expect(try address("[remote \"origin\"]\n\turl = /home/me/shop\n") == nil)
    }
}
