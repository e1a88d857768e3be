import Diagnostics
import FoundationEssentials
import Lifecycle
import Materials
import ProjectGit
import SystemPackage

/// What an image can say about its project's repository: commit, time of the commit, and where others find it.
///
/// Clones with other remotes, and each commit, give other digests: so only a flag asks for it.
struct GitLabels {
    let wiring: Wiring
    let project: FilePath

    private static let prefix = "org.opencontainers.image."

    /// The labels, for `--label-from-git`.
    /// - Throws: `Failure` of code `usage` if there is no commit, `CancellationError`.
    func notes() async throws -> [ImageNote] {
        let home = wiring.machine.environment["HOME"].map { FilePath($0) }
        let folder = project.realPath ?? project
        guard let git = GitFolder(of: folder, home: home), let commit = git.head?.commit else {
            throw Failure(
                .usage, "--label-from-git: \(project) is in no git repository with a commit",
                advice: "commit the project to git, or give the labels yourself: --label \(Self.prefix)revision=…")
        }
        var notes = [try ImageNote(name: Self.prefix + "revision", value: commit)]
        if let address = git.remoteAddress.flatMap(RemoteAddress.init) {
            notes.append(try ImageNote(name: Self.prefix + "source", value: address.text))
        }
        if let time = try await time(of: folder, home) {
            notes.append(try ImageNote(name: Self.prefix + "created", value: time))
        }
        return notes
    }

    /// When the commit was made, as git itself says; `nil` if git cannot be asked.
    private func time(of folder: FilePath, _ home: FilePath?) async throws -> String? {
        let isSandboxed = await wiring.runner.sandboxStatus().isAvailable
        let reader = GitReader(
            places: GitPlaces(project: folder, seen: folder, home: home), runner: wiring.runner,
            isSandboxed: isSandboxed, scratch: wiring.machine.cacheRoot)
        let answer = try await reader?.answer(GitQuestion(["log", "-1", "--format=%ct"], in: folder))
        guard let answer, answer.status == 0 else { return nil }
        let text = String(decoding: answer.output, as: UTF8.self).filter { !$0.isWhitespace }
        return Int64(text).map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) }
    }
}
