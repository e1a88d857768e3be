import SystemPackage
import TestSupport
import Testing

@testable import ProjectGit

@Suite("Calls of git")
struct GitCallTests {
    /// Each runs a program, writes a file, reaches another repository or asks for a signature.
    static let hostile: [[String]] = [
        ["-c", "alias.x=!touch CANARY", "x"], ["-c", "core.fsmonitor=touch CANARY", "status"],
        ["--config-env=core.pager=PATH", "log"], ["--exec-path=/tmp", "status"], ["-p", "log"], ["--paginate", "log"],
        ["--git-dir=../other/.git", "log"], ["--git-dir", "/other/.git", "log"], ["--work-tree=/", "status"],
        ["--namespace=x", "log"], ["log", "--output=CANARY"], ["diff", "--output=CANARY"], ["show", "--outp=CANARY"],
        ["log", "--output", "CANARY"], ["diff", "--ext-diff"], ["log", "-p", "--ext-diff"], ["show", "--textconv"],
        ["cat-file", "--textconv", "HEAD:README"], ["cat-file", "--filters", "HEAD:README"],
        ["grep", "-O", "read"], ["grep", "--open-files-in-pager=touch CANARY", "read"], ["log", "--show-signature"],
        ["log", "--format=%G?"], ["log", "--pretty=%+GS"], ["show", "--format=% GK"], ["verify-tag", "v1.2.3"],
        ["tag", "-v", "v1.2.3"], ["tag", "new"], ["tag", "-d", "v1.2.3"],
        ["for-each-ref", "--format=%(signature:grade)"],
        ["branch", "new"], ["branch", "-D", "main"], ["symbolic-ref", "HEAD", "refs/heads/x"],
        ["update-ref", "HEAD", "x"],
        ["config", "core.pager", "touch CANARY"], ["config", "--edit"], ["config", "--file", "/etc/passwd", "--list"],
        ["remote", "show", "origin"], ["remote", "add", "x", "y"], ["fetch"],
        ["fetch", "--upload-pack=touch CANARY", "."],
        ["clone", "-u", "touch CANARY", ".", "x"], ["ls-remote", "--upload-pack=touch CANARY", "."], ["pull"], ["push"],
        ["archive", "--remote=.", "HEAD"], ["archive", "-o", "CANARY", "HEAD"], ["bundle", "create", "CANARY", "HEAD"],
        ["format-patch", "-o", ".", "HEAD"], ["checkout", "."], ["reset", "--hard"], ["clean", "-fdx"], ["stash"],
        ["commit", "-m", "x"], ["rebase", "--exec", "touch CANARY", "HEAD"], ["bisect", "run", "touch", "CANARY"],
        ["filter-branch", "--tree-filter", "touch CANARY"], ["submodule", "foreach", "touch CANARY"],
        ["difftool", "-x", "touch CANARY"], ["mergetool"], ["hook", "run", "pre-commit"], ["gc"], ["init"], ["x"],
        ["log", "--abbrev", "--output=CANARY"], ["describe", "--match", "--exec-path"], ["help", "-w", "log"],
        ["web--browse"],
        ["interpret-trailers", "README"], ["rev-parse", "--parseopt"], ["daemon"], ["shell"],
        ["diff", "--no-index", "/etc/passwd", "/etc/group"],
        ["shortlog"], ["ls-files", "-X", "/etc/passwd"], ["rev-list", "--stdin"], ["--html-path"], ["--bare", "log"],
        [],
    ]

    static let usual: [[String]] = [
        ["--version"], ["describe"], ["describe", "--tags", "--always", "--dirty"],
        ["describe", "--dirty=-x", "--abbrev=8"],
        ["describe", "--match", "v[0-9]*"], ["rev-parse", "HEAD"], ["rev-parse", "--short", "HEAD"],
        ["rev-parse", "--short=8", "HEAD"], ["rev-parse", "--abbrev-ref", "HEAD"], ["rev-parse", "--show-toplevel"],
        ["rev-parse", "--git-dir"], ["log", "-1", "--format=%h"],
        ["log", "-n", "1", "--pretty=format:%cd", "--date=short"],
        ["log", "-n1", "--date=format:%G", "--", "mix.exs"], ["show", "-s", "--format=%ct"],
        ["rev-list", "--count", "HEAD"],
        ["status", "--porcelain"], ["status", "-s", "-uno"], ["symbolic-ref", "--short", "-q", "HEAD"],
        ["branch", "--show-current"], ["branch", "--list", "m*"], ["tag", "--list", "v*"],
        ["tag", "-l", "--sort=-v:refname"],
        ["tag", "--points-at", "HEAD"], ["name-rev", "--name-only", "HEAD"], ["ls-files"], ["diff", "--quiet"],
        ["diff", "--stat", "HEAD"], ["diff-index", "--quiet", "HEAD", "--"],
        ["for-each-ref", "--count=1", "refs/tags"],
        ["--no-pager", "log", "-1"], ["-C", ".", "--git-dir=.git", "rev-parse", "HEAD"],
        ["config", "--get", "core.bare"],
        ["merge-base", "HEAD", "HEAD"], ["cat-file", "-p", "HEAD"], ["show-ref", "--tags"], ["ls-tree", "-r", "HEAD"],
    ]

    @Test("what does more than read is refused, in words that name it", arguments: hostile)
    func refused(words: [String]) {
        let refusal = #expect(throws: GitCall.Refusal.self) { try GitCall(words) }
        #expect(refusal?.reason.isEmpty == false)
    }

    @Test("what projects ask is answered", arguments: usual)
    func answered(words: [String]) async throws {
        try await GitBench.run { bench in
            try await bench.repository("app")
            let reader = try bench.reader("app")
            let answer = try await reader.answer(GitQuestion(words, in: reader.places.project))
            #expect(answer.refusal == nil)
            #expect(answer.status == 0, "\(answer.said)")
        }
    }

    @Test("the list and the length of words have ends")
    func limits() {
        #expect(throws: GitCall.Refusal.self) { try GitCall(["log"] + [String](repeating: "HEAD", count: 300)) }
        #expect(throws: GitCall.Refusal.self) { try GitCall(["log", String(repeating: "x", count: 5000)]) }
    }
}

@Suite("git's configuration, reduced")
struct GitConfigurationTests {
    @Test("values are read as git reads them")
    func values() {
        let text = """
            # comment
            [core] bare = false ; comment
            \tworktree = "../a b" # more
            [remote "or\\"igin"]
            \turl = https://x\\
            /y
            \tnovalue
            [a.b]
            c=  1 2  
            """
        let entries = GitConfiguration(text).entries
        #expect(
            entries.map { "\($0.section)|\($0.subsection ?? "-")|\($0.name)|\($0.value ?? "-")" } == [
                "core|-|bare|false", "core|-|worktree|../a b", "remote|or\"igin|url|https://x/y",
                "remote|or\"igin|novalue|-",
                "a|b|c|1 2",
            ])
    }

    @Test(
        "a URL loses its credentials, or is left out",
        arguments: [
            ("https://token@example.org/a.git", "https://example.org/a.git"),
            ("https://u:p@example.org:8443/a", "https://example.org:8443/a"),
            ("https://u:p@q@example.org/a", "https://example.org/a"),
            ("https://example.org/a?private_token=t", "https://example.org/a"),
            ("git@example.org:a/b.git", "git@example.org:a/b.git"),
            ("ssh://git@example.org/a", "ssh://example.org/a"), ("https://u:p/w@example.org/a", nil),
            ("user:pass@example.org:a", nil),
            ("ext::sh -c touch", nil), ("/srv/a.git", nil),
        ] as [(String, String?)])
    func urls(url: String, expected: String?) { #expect(GitConfiguration.withoutCredentials(url) == expected) }

    @Test("nothing that runs a program, and no token, is left")
    func harmless() {
        let text = """
            [core]
            fsmonitor = touch CANARY
            hooksPath = CANARY
            sshCommand = CANARY
            filemode = false
            [alias] x = !CANARY
            [include] path = CANARY
            [includeIf "gitdir:/"] path = CANARY
            [filter "x"] clean = CANARY
            [diff] external = CANARY
            [diff "x"] textconv = CANARY
            [gpg] program = CANARY
            [pager] log = CANARY
            [credential] helper = CANARY
            [http] extraHeader = "Authorization: SECRET"
            [url "https://SECRET@example.org/"] insteadOf = x
            [remote "origin"] url = https://SECRET@example.org/a.git
            [remote "o"] uploadpack = CANARY
            """
        let reduced = GitConfiguration(text).harmless
        #expect(!reduced.contains("CANARY") && !reduced.contains("SECRET"), "\(reduced)")
        #expect(reduced.contains("https://example.org/a.git") && reduced.contains("filemode = \"false\""))
    }
}
