import Commands
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import ProjectGit

@Suite("git answers from the user's repository")
struct GitReaderTests {
    @Test("in a folder of the repository, in a worktree and in a submodule; --dirty is about the user's files")
    func places() async throws {
        try await GitBench.run { bench in
            try await bench.repository("main", project: "services/app")
            try await bench.git("main", "worktree", "add", "-q", "../tree")
            try await bench.git(".", "init", "-q", "outer")
            try await bench.git("outer", "submodule", "--quiet", "add", "../main", "sub")
            try await bench.git("outer/sub", "fetch", "-q", "--tags")
            for place in ["main", "tree", "outer/sub"] {
                let project = "\(place)/services/app"
                #expect(try await bench.answer(project, "describe", "--dirty").text == "v1.2.3\n", "\(place)")
                #expect(try await bench.answer(project, "rev-parse", "--show-prefix").text == "services/app/\n")
                try bench.folder.pushing(FilePath(place)).appending("README").write("other words\n")
                #expect(try await bench.answer(project, "describe", "--dirty").text == "v1.2.3-dirty\n", "\(place)")
                #expect(try await bench.answer(place, "describe", "--dirty").text == "v1.2.3-dirty\n", "\(place)")
                // No path of the machine is in an answer.
                for word in ["--show-toplevel", "--absolute-git-dir", "--git-common-dir"] {
                    let answer = try await bench.answer(project, "rev-parse", word)
                    #expect(!answer.text.contains(bench.folder.string), "\(answer.text)")
                }
            }
            #expect(try await bench.answer("main", "rev-parse", "--show-toplevel").text == "/workspace\n")
        }
    }

    @Test("a large file of git LFS is as it was committed unless its content is another")
    func largeFiles() async throws {
        try await GitBench.run { bench in
            try await bench.repository("main")
            let large = bench.folder.appending("main/it's large.bin")
            let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            let pointer = #"version https://git-lfs.github.com/spec/v1\noid sha256:\#(digest)\nsize 5\n"#
            try bench.folder.appending("main/.gitattributes").write("*.bin filter=lfs diff=lfs merge=lfs -text\n")
            try large.write("hello")
            try await bench.git("main", "-c", "filter.lfs.clean=cat >/dev/null; printf '\(pointer)'", "add", ".")
            try await bench.git("main", "commit", "-qm", "large")
            try await bench.git("main", "tag", "v2.0.0")
            // Written again, as a checkout or a touch does, git has to look into it.
            for (text, answer) in [("hello", "v2.0.0"), ("jello", "v2.0.0-dirty")] {
                try large.write(text)
                #expect(try await bench.answer("main", "describe", "--tags", "--dirty").text == answer + "\n")
            }
        }
    }

    @Test("a folder without a repository, a home folder above, and -C that leads out")
    func outside() async throws {
        try await GitBench.run { bench in
            try bench.folder.appending("plain/mix.exs").write("")
            let none = try await bench.answer("plain", "describe")
            #expect(none.status == 128 && none.said.hasPrefix("fatal: not a git repository") && none.refusal == nil)
            try await bench.repository("home", project: "code/app")
            let reader = try bench.reader("home/code/app", home: bench.folder.appending("home"))
            let above = try await reader.answer(GitQuestion(["describe"], in: reader.places.project))
            #expect(above.said.hasPrefix("fatal: not a git repository"))
            try await bench.repository("other")
            try await bench.repository("app", project: "a")
            #expect(try await bench.answer("app/a", "-C", "..", "describe").text == "v1.2.3\n")
            for way in ["../../other", "../..", "/etc", bench.folder.appending("other").string] {
                #expect(try await bench.answer("app/a", "-C", way, "describe").refusal != nil, "\(way)")
            }
            try bench.folder.appending("app/a/link").makeLink(to: bench.folder.appending("other").string)
            #expect(try await bench.answer("app/a", "-C", "link", "describe").refusal != nil)
        }
    }

    @Test("a clone that borrows objects is told how to be whole, and is answered where it needs none")
    func borrowed() async throws {
        try await GitBench.run { bench in
            try await bench.repository("main", project: "app")
            try await bench.git(".", "clone", "-q", "--shared", "main", "clone")
            #expect(try await bench.answer("clone/app", "rev-parse", "--abbrev-ref", "HEAD").status == 0)
            let refused = try #require(try await bench.answer("clone/app", "describe").refusal)
            #expect(refused.contains("borrows objects from \(bench.folder)/main/.git/objects"), "\(refused)")
            #expect(refused.hasSuffix("git repack -a -d makes it whole"))
            try await bench.git("clone", "repack", "-q", "-a", "-d")
            #expect(try await bench.answer("clone/app", "describe").text == "v1.2.3\n")
            try bench.folder.appending("clone/.git/objects/info/alternates").remove()
            #expect(try await bench.answer("clone/app", "describe").text == "v1.2.3\n")
        }
    }

    @Test("a repository whose every setting wants to run a program runs none, and gives no token")
    func hostileRepository() async throws {
        try await GitBench.run { bench in
            try await bench.repository("sub")
            try await bench.repository("app")
            try await bench.git("app", "submodule", "--quiet", "add", "../sub", "sub")
            try bench.folder.appending("app/.gitattributes").write("* filter=evil diff=evil\n")
            try await bench.git("app", "add", ".")
            try await bench.git("app", "commit", "-q", "-m", "second")
            let canary = bench.folder.appending("app/canary.sh")
            try canary.write("#!/bin/sh\necho CANARY >&2\necho CANARY\ntouch \"\(bench.folder)/CANARY\"\n", mode: 0o755)
            let settings = """
                [core]
                fsmonitor = \(canary)
                pager = \(canary)
                hooksPath = \(bench.folder)/app/hooks
                [filter "evil"]
                clean = \(canary)
                smudge = \(canary)
                process = \(canary)
                required = true
                [diff]
                external = \(canary)
                [diff "evil"]
                textconv = \(canary)
                command = \(canary)
                [gpg]
                program = \(canary)
                [log]
                showSignature = true
                [pager]
                log = \(canary)
                [alias]
                describe = !\(canary)
                [remote "origin"]
                url = https://s3cr3t-token@example.org/app.git
                """
            for name in ["config", "modules/sub/config"] {
                let file = bench.folder.appending("app/.git").pushing(FilePath(name))
                try file.write(try file.readText() + settings)
            }
            for name in ["post-index-change", "pre-auto-gc"] {
                try bench.folder.appending("app/hooks/\(name)").write("#!/bin/sh\n\(canary)\n", mode: 0o755)
            }
            for name in ["app/README", "app/sub/README"] { try bench.folder.pushing(FilePath(name)).write("read he\n") }
            let before = try bench.folder.appending("app").tree()
            let calls: [[String]] = [
                ["status"], ["status", "--porcelain=v2"], ["diff"], ["diff", "--stat", "HEAD"], ["diff-files", "-p"],
                ["log", "-p"], ["show", "HEAD:README"], ["show"], ["describe", "--always", "--dirty"],
                ["describe", "--always", "--broken"], ["ls-files", "-m"], ["config", "--list"], ["remote", "-v"],
                ["config", "--get", "remote.origin.url"], ["log", "-1"], ["cat-file", "-p", "HEAD:README"],
            ]
            let reader = try bench.reader("app")
            for call in calls + GitCallTests.hostile {
                let answer = try await reader.answer(GitQuestion(call, in: reader.places.project))
                let said = answer.text + answer.said
                #expect(!said.contains("CANARY\n") && !said.contains("s3cr3t"), "\(call): \(said)")
                #expect(answer.refusal == nil || answer.status != 0)
            }
            #expect(!bench.folder.appending("CANARY").isThere)
            #expect(try bench.folder.appending("app").tree() == before)
            #expect(try await bench.answer("app", "describe", "--always", "--dirty").text.hasSuffix("-dirty\n"))
            let url = try await bench.answer("app", "config", "--get", "remote.origin.url")
            #expect(url.text == "https://example.org/app.git\n")
        }
    }

    @Test("an answer that is too large is refused, not cut")
    func large() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            try bench.folder.appending("app/large").write(String(repeating: "x", count: 20 << 20))
            try await bench.git("app", "add", ".")
            let answer = try await bench.answer("app", "cat-file", "-p", ":large")
            #expect(answer.refusal != nil && answer.output.isEmpty, "\(answer.status) \(answer.output.count)")
        }
    }
}

@Suite("The git that a project's code finds")
struct GitDeskTests {
    /// Runs a script where the desk is shown, as a build shows it.
    private func run(
        _ script: String, _ bench: GitBench, _ desk: GitDesk, copy: FilePath
    ) async throws -> (status: Int32, output: String) {
        let output = Lines()
        let command = Command(
            "/bin/sh", ["-c", script],
            environment: ["PATH": "\(desk.programs):\(ProgramLookup.systemPath)", "HOME": "/tmp"],
            workingDirectory: "/workspace",
            sandbox: Sandbox(binds: [Sandbox.Bind(copy, at: "/workspace", isWritable: true)] + desk.binds))
        let end = try await GitBench.runner.run(command) { output.add($0.text) }
        return (end.status, output.text)
    }

    private func withDesk(
        _ bench: GitBench, _ body: (GitDesk, FilePath) async throws -> Void
    ) async throws {
        let copy = bench.folder.appending("copy")
        try copy.appending("lib").makeFolder()
        let reader = try bench.reader("app")
        try RepositoryFiles(reader.places.repository).write(to: copy.appending(".git"), below: copy)
        let desk = try GitDesk(reader, memory: bench.memory(), keepsRecord: true, holdsRepositories: false)
        do { try await body(desk, copy) } catch {
            await desk.close()
            throw error
        }
        await desk.close()
    }

    @Test("it answers with git's status, output and errors, in a subfolder too, and many at once")
    func answers() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            try await withDesk(bench) { desk, copy in
                let one = try await run("cd lib && git describe --dirty && cat ../.git/HEAD", bench, desk, copy: copy)
                #expect(one.status == 0 && one.output == "v1.2.3\nref: refs/heads/main\n", "\(one)")
                let failed = try await run("git rev-parse --verify nothing; echo $?", bench, desk, copy: copy)
                #expect(failed.output == "fatal: Needed a single revision\n128\n", "\(failed)")
                let many = try await run(
                    "for i in $(seq 40); do git rev-list --count HEAD -n $i & done; wait", bench, desk, copy: copy)
                #expect(many.output == String(repeating: "1\n", count: 40), "\(many)")
                let refused = try await run("git fetch origin; echo $?", bench, desk, copy: copy)
                #expect(
                    refused.output == "mixpack: git fetch is not one of the commands that only read\n128\n",
                    "\(refused)")
                #expect(desk.record.entries.count == 43)
                #expect(bench.memory().load() == desk.record)
            }
        }
    }

    @Test("repositories that the code makes, and those of dependencies, are the real git's")
    func others() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            try await withDesk(bench) { desk, copy in
                let script = """
                    set -e
                    export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x
                    for place in deps/dep vendor/own /tmp/own; do
                      mkdir -p $place && cd $place && git init -q . && git commit -q --allow-empty -m x
                      git tag own && git --git-dir=.git describe --tags && cd /workspace
                    done
                    git clone -q deps/dep vendor/cloned && git -C vendor/cloned describe --tags
                    mkdir -p deps/hex && cd deps/hex && ! git describe --tags
                    """
                let result = try await run(script, bench, desk, copy: copy)
                #expect(result.status == 0, "\(result)")
                #expect(result.output.hasPrefix("own\nown\nown\nown\nfatal: not a git repository"), "\(result)")
                #expect(desk.record.entries.isEmpty)
            }
        }
    }

    @Test(
        "a question that is not as the script writes it is not followed, and nothing waits for it",
        .timeLimit(.minutes(1)))
    func forged() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            try bench.folder.appending("private").write("/workspace\0--version\0")
            try await withDesk(bench) { desk, copy in
                let script = """
                    cd /mixpack/git/questions
                    mkdir a b c d e && ln -s "\(bench.folder)/private" a/question && mkfifo b/question c/done
                    printf '/workspace\\0--version\\0' >c/question
                    printf '/etc\\0describe\\0' >d/question && mkfifo d/done && exec 3<>d/done
                    printf '/workspace\\0--version\\0' >e/question && ln -s /mixpack/git/bell e/done
                    for name in a b c d e ../answers . / 'x y' $(seq 300 | tr -d '\\n'); do echo "$name" >/mixpack/git/bell; done
                    printf 'no end' >/mixpack/git/bell
                    echo >/mixpack/git/answers/x; echo >/mixpack/git/bin/git
                    read -r status <&3; cat /mixpack/git/answers/d.errors
                    cd /workspace && echo >/mixpack/git/bell && git describe
                    """
                let result = try await run(script, bench, desk, copy: copy)
                #expect(result.output.contains("/etc is not a folder of the project"), "\(result)")
                #expect(result.output.hasSuffix("v1.2.3\n"), "\(result)")
                #expect(result.output.ranges(of: "Read-only file system").count == 2, "\(result)")
            }
        }
    }

    @Test("in a context the repository is seen where it is in that, and folders beside the project are known")
    func context() throws {
        try withTemporaryFolder { folder in
            let root = try #require(folder.realPath)
            try root.appending("mono/.git/HEAD").write("ref: refs/heads/main\n")
            try root.appending("mono/shared/x").write("")
            let project = root.appending("mono/services/web")
            try project.appending("mix.exs").write("")
            let seen: FilePath = "/workspace/services/web"
            let places = GitPlaces(project: project, seen: seen, home: nil, context: root.appending("mono"))
            #expect(places.seenFolders.first == "/workspace/.git")
            #expect(places.real(of: "/workspace/shared") == root.appending("mono/shared"))
            #expect(places.contains(root.appending("mono/shared")))
            let alone = GitPlaces(project: project, seen: "/workspace", home: nil)
            #expect(alone.seenFolders.first == "/repository/.git")
            #expect(alone.real(of: "/shared") == nil)
        }
    }

    @Test("closing ends a git that is still running", .timeLimit(.minutes(1)))
    func cancel() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            let slow = bench.folder.appending("slow-git")
            try slow.write("#!/bin/sh\nsleep 600\n", mode: 0o755)
            let places = GitPlaces(project: bench.folder.appending("app"), seen: "/workspace", home: nil)
            let reader = try #require(
                GitReader(
                    places: places, runner: GitBench.runner, isSandboxed: false,
                    scratch: bench.folder.appending("scratch"),
                    program: slow))
            let desk = try GitDesk(
                reader, memory: bench.memory(), keepsRecord: false, holdsRepositories: false)
            let script = desk.programs.appending("git").string
            let asking = Task {
                try await GitBench.runner.run(
                    Command(
                        FilePath(script), ["describe"], environment: ["PATH": ProgramLookup.systemPath],
                        workingDirectory: "/")
                ) { _ in }
            }
            try await Task.sleep(for: .milliseconds(500))
            await desk.close()
            asking.cancel()
            _ = await asking.result
            #expect(try bench.folder.appending("scratch").names() == [])
        }
    }
}

@Suite("What is remembered of git's answers")
struct GitMemoryTests {
    @Test("the token stays until an answer or a file that is read changes; nothing plain is written down")
    func token() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            let reader = try bench.reader("app")
            let memory = bench.memory()
            var record = GitRecord()
            record.token = "first"
            let question = GitQuestion(["describe"], in: reader.places.project)
            _ = record.note(question, try await reader.answer(question), try memory.hash())
            try memory.save(record)
            #expect(memory.load() == record)
            #expect(try await filesHolding("v1.2.3", in: bench.folder.appending("scratch")) == [])
            let git = reader.places.repository
            #expect(try await memory.token(record, reader, git) == "first")
            try await bench.git("app", "commit", "-q", "--allow-empty", "-m", "second")
            let second = try await memory.token(record, reader, git)
            #expect(second != "first")
            #expect(try await memory.token(record, nil, git) != "first")
            var files = GitRecord()
            files.token = "first"
            files.files = try memory.filesHash(git)
            #expect(try await memory.token(files, reader, git) == "first")
            try await bench.git("app", "commit", "-q", "--allow-empty", "-m", "third")
            #expect(try await memory.token(files, reader, git) != "first")
        }
    }

    @Test("the files have branches, tags and HEAD, no remote and nothing else")
    func files() async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            try await bench.git(".", "clone", "-q", "app", "clone")
            try await bench.git("clone", "tag", "loose")
            try await bench.git("app", "pack-refs", "--all")
            for name in ["app", "clone"] {
                let place = bench.folder.appending("files-\(name)")
                try place.appending("config").write("left over")
                let git = try #require(GitFolder(of: bench.folder.appending(name), home: nil))
                try RepositoryFiles(git).write(to: place, below: bench.folder)
                let head = try #require(FileStampText(place.appending("HEAD")))
                try RepositoryFiles(git).write(to: place, below: bench.folder)
                #expect(FileStampText(place.appending("HEAD")) == head)
                let paths = try place.tree().filter { !place.pushing(FilePath($0)).isFolder }
                #expect(!paths.contains { $0.contains("config") || $0.contains("remotes") }, "\(paths)")
                #expect(try await filesHolding("refs/remotes", in: place) == [])
                #expect(
                    try await filesHolding("v1.2.3", in: place).isEmpty == false
                        || paths.contains { $0.hasSuffix("v1.2.3") })
            }
        }
    }
}

/// When a file was last written.
private func FileStampText(_ file: FilePath) -> String? {
    var status = stat()
    guard stat(file.string, &status) == 0 else { return nil }
    return "\(status.st_ino) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
}
