import Commands
import Diagnostics
import Files
import Glibc
import SystemPackage

/// Asks git about the user's repository: only what reads, and in a sandbox of its own.
///
/// In there git sees the repository read-only with a configuration of mixpack's making, no network and no home folder.
package struct GitReader: Sendable {
    package let places: GitPlaces
    /// The user's git.
    let program: FilePath
    let runner: any CommandRunner
    let isSandboxed: Bool
    /// A folder to work in.
    let scratch: FilePath

    private static let seconds = 30
    /// Of git's output, in bytes.
    static let largest = 8 << 20
    private static let answers: FilePath = "/mixpack/answer"

    /// - Returns: `nil` if git is not installed.
    package init?(
        places: GitPlaces, runner: any CommandRunner, isSandboxed: Bool, scratch: FilePath, program: FilePath? = nil
    ) {
        guard let program = program ?? Self.program else { return nil }
        self.places = places
        self.program = program
        self.runner = runner
        self.isSandboxed = isSandboxed
        self.scratch = scratch
    }

    /// The git that programs in the sandbox would find.
    package static var program: FilePath? { ProgramLookup(searchPath: ProgramLookup.systemPath).find("git") }

    /// git's answer; a call that could do more than read is refused.
    /// - Throws: `CancellationError`.
    package func answer(_ question: GitQuestion) async throws -> GitAnswer {
        do {
            let call = try GitCall(question.arguments)
            if call.subcommand == "version" { return try await run(call, in: nil) }
            let folder = try folder(of: call, question)
            guard let git = GitFolder(of: folder, home: places.home) else { return .noRepository }
            guard isSandboxed || !call.readsConfiguration else {
                throw GitCall.Refusal(reason: "git \(call.subcommand) is answered in the sandbox only")
            }
            let answer = try await run(call, in: (git, folder))
            // The file that says where objects are borrowed could name any repository of the machine: git does not see those.
            if isSandboxed, answer.status != 0, let lender = git.lender {
                throw GitCall.Refusal(
                    reason: "the repository borrows objects from \(lender), which a build does not see; "
                        + "git repack -a -d makes it whole")
            }
            return answer
        } catch let refusal as GitCall.Refusal {
            return .refused(refusal.reason)
        } catch let failure as Failure {
            try Task.checkCancellation()
            return .refused("git cannot be asked: \(failure.message)")
        }
    }

    /// The folder that a call is about; the nearest above that the user's checkout has.
    private func folder(of call: GitCall, _ question: GitQuestion) throws(GitCall.Refusal) -> FilePath {
        let outside = GitCall.Refusal(reason: "git -C leads out of the project and its repository")
        var folder = FilePath(question.folder)
        for step in call.folders {
            if FilePath(step).isAbsolute {
                guard let real = places.real(of: FilePath(step).lexicallyNormalized()) else { throw outside }
                folder = real
            } else {
                folder.push(FilePath(step))
            }
        }
        folder.lexicallyNormalize()
        while !folder.isFolder, !folder.components.isEmpty { folder.removeLastComponent() }
        guard let real = folder.realPath, places.contains(real) else { throw outside }
        return real
    }

    // MARK: Running

    private typealias Place = (git: GitFolder, folder: FilePath)

    private func run(_ call: GitCall, in place: Place?) async throws -> GitAnswer {
        let work = try ScratchFolder(in: scratch, prefix: "git-")
        defer { work.remove() }
        var hidden: [Sandbox.Bind] = []
        if call.comparesFiles, let place { hidden = try await submodules(of: place.git, work.path) }
        return try await run(call.arguments, in: place, hidden, work.path)
    }

    private func run(
        _ arguments: [String], in place: Place?, _ hidden: [Sandbox.Bind], _ work: FilePath, filter: String = ""
    ) async throws -> GitAnswer {
        let out = work.appending("answer")
        try out.remove()
        try out.makeFolders()
        let seenOut = isSandboxed ? Self.answers : out
        var environment = environment(place?.git)
        environment["MIXPACK_ANSWER"] = seenOut.string
        // One block is half a kilobyte, or a whole one in some shells.
        let script = """
            ulimit -f \(Self.largest / 512) && \
            \(filter.isEmpty ? "exec " : "")"$@" >"$MIXPACK_ANSWER/output" 2>"$MIXPACK_ANSWER/errors" </dev/null\(filter)
            """
        let folder = place.map { isSandboxed ? places.seen($0.folder, of: $0.git) : $0.folder }
        let sandbox = try isSandboxed ? self.sandbox(place?.git, hidden, work, out) : nil
        let command = Command(
            "/bin/sh", ["-c", script, "git", program.string] + arguments, environment: environment,
            workingDirectory: folder ?? "/", sandbox: sandbox)
        guard let end = try await end(of: command) else {
            return .refused("git did not answer within \(Self.seconds) seconds")
        }
        let status = end.status
        // The sandbox reports a signal as a shell does; git itself has no status above 129.
        guard status <= 129 else {
            let isTooMuch = status == 128 + SIGXFSZ
            return .refused(isTooMuch ? "git's answer is too large" : "git was ended by signal \(status - 128)")
        }
        return GitAnswer(
            status: status, output: try out.appending("output").bytes(limit: 2 * Self.largest),
            errors: try out.appending("errors").bytes(limit: 2 * Self.largest))
    }

    private func end(of command: Command) async throws -> Termination? {
        try await withThrowingTaskGroup(of: Termination?.self) { tasks in
            tasks.addTask { try await runner.run(command) { _ in } }
            tasks.addTask {
                try await Task.sleep(for: .seconds(Self.seconds))
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
    }

    private func environment(_ git: GitFolder?) -> [String: String] {
        var variables = [
            "PATH": "\(program.removingLastComponent()):\(ProgramLookup.systemPath)", "HOME": "/nonexistent",
            "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat", "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none", "GIT_ASKPASS": "/bin/false", "SSH_ASKPASS": "/bin/false",
        ]
        // The sandbox has these in the file of the configuration; here they count more than that file.
        let fixed = isSandboxed ? [] : GitConfiguration.fixed
        variables["GIT_CONFIG_COUNT"] = "\(fixed.count)"
        for (index, setting) in fixed.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.0
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.1
        }
        if isSandboxed, let git, git.isLinked {
            variables["GIT_DIR"] = places.seenOwn(git).string
            variables["GIT_WORK_TREE"] = places.seenWorktree(git).string
        }
        return variables
    }

    private func sandbox(
        _ git: GitFolder?, _ hidden: [Sandbox.Bind], _ work: FilePath, _ out: FilePath
    ) throws -> Sandbox {
        var binds: [Sandbox.Bind] = []
        if let git {
            let worktree = places.seenWorktree(git)
            let common = git.isLinked ? GitPlaces.linked : worktree.appending(".git")
            let configuration = work.appending("config")
            let text = try git.common.appending("config").bytes(limit: 1 << 20)
            try configuration.replace(with: GitConfiguration(String(decoding: text, as: UTF8.self)).harmless.utf8)
            binds.append(Sandbox.Bind(git.worktree, at: worktree))
            if git.isLinked { binds.append(Sandbox.Bind(git.common, at: common)) }
            binds.append(Sandbox.Bind(configuration, at: common.appending("config")))
        }
        return Sandbox(binds: binds + hidden + [Sandbox.Bind(out, at: Self.answers, isWritable: true)])
    }

    // MARK: Submodules

    /// Empty folders in the place of submodules: git would run in each by a configuration that is not mixpack's.
    private func submodules(of git: GitFolder, _ work: FilePath) async throws -> [Sandbox.Bind] {
        guard isSandboxed else { return [] }
        let filter =
            "; grep '^160000 ' \"$MIXPACK_ANSWER/output\" >\"$MIXPACK_ANSWER/found\"; mv \"$MIXPACK_ANSWER/found\" \"$MIXPACK_ANSWER/output\""
        let listed = try await run(
            ["--no-pager", "ls-files", "--stage"], in: (git, git.worktree), [], work, filter: filter)
        let empty = work.appending("empty")
        try empty.makeFolders()
        return try String(decoding: listed.output, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard let path = line.split(separator: "\t", maxSplits: 1).last, !path.hasPrefix("\"") else {
                throw GitCall.Refusal(reason: "the repository has a submodule whose path mixpack cannot read")
            }
            let folder = git.worktree.pushing(FilePath(String(path)))
            guard folder.kind == .folder, folder.realPath == folder else { return nil }
            return Sandbox.Bind(empty, at: places.seenWorktree(git).pushing(FilePath(String(path))))
        }
    }
}
