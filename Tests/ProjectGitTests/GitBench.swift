import Commands
import Digests
import SystemPackage
import TestSupport

@testable import ProjectGit

/// A folder with repositories that the machine's git made, and what asks about them as a build does.
struct GitBench: Sendable {
    let folder: FilePath

    static let runner = SubprocessCommandRunner()

    static func run<Value>(_ body: (GitBench) async throws -> Value) async throws -> Value {
        try await withTemporaryFolder { folder in
            let real = folder.realPath ?? folder
            try real.appending("scratch").makeFolder()
            return try await body(GitBench(folder: real))
        }
    }

    @discardableResult
    func git(_ place: String, _ words: String...) async throws -> String {
        let identity = [
            "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "protocol.file.allow=always", "-c",
            "init.defaultBranch=main", "-C", folder.pushing(FilePath(place)).string,
        ]
        return try await TestSupport.run(try findTool("git"), identity + words).succeeded().output
    }

    /// A repository with one commit and a tag; the project is in it or a folder of it.
    func repository(_ name: String, project: String = ".") async throws {
        let place = folder.appending(name)
        try place.pushing(FilePath(project)).appending("mix.exs").write("# git\n")
        try place.appending("README").write("read me\n")
        try await git(".", "init", "-q", name)
        try await git(name, "add", ".")
        try await git(name, "commit", "-q", "-m", "first")
        try await git(name, "tag", "-a", "-m", "a tag", "v1.2.3")
    }

    func reader(_ project: String, seen: FilePath = "/workspace", home: FilePath? = nil) throws -> GitReader {
        let place = folder.pushing(FilePath(project)).lexicallyNormalized()
        guard
            let reader = GitReader(
                places: GitPlaces(project: place, seen: seen, home: home), runner: Self.runner, isSandboxed: true,
                scratch: folder.appending("scratch"))
        else { throw TestSupportError("git is missing") }
        return reader
    }

    func answer(_ project: String, _ words: String..., seen: FilePath = "/workspace") async throws -> GitAnswer {
        let reader = try reader(project, seen: seen)
        return try await reader.answer(GitQuestion(words, in: reader.places.project))
    }

    func memory() -> GitMemory { GitMemory(folder: folder.appending("scratch")) }
}

extension GitAnswer {
    var text: String { String(decoding: output, as: UTF8.self) }
    var said: String { String(decoding: errors, as: UTF8.self) }
}
