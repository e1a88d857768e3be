import Diagnostics
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("the user's insteadOf")
struct GitRewriteTests {
    private static let token = "ghp_0123456789abcdefghij"

    private func rewrites(_ text: String, _ more: [String: String] = [:]) throws -> GitRewrites {
        try withTemporaryFolder { folder in
            try folder.appending(".gitconfig").write(text)
            for (name, text) in more { try folder.appending(name).write(text) }
            return GitRewrites(["HOME": folder.string])
        }
    }

    @Test("of the configuration only the rewriting to servers is read, through includes too")
    func read() throws {
        let rewrites = try rewrites(
            """
            [user]
                name = "A \\"quoted\\" name" ; a comment
            [alias] x = !rm -rf ~
            [include]
                path = more.inc
            [includeIf "gitdir:/"]
                path = never.inc
            [url "git@github.com:"]
                insteadOf = https://github.com/ # all of it
                pushInsteadOf = https://push/
            [url "ext::sh -c evil %S"]
                insteadOf = https://a/
            [url "/srv/mirror/"]
                insteadOf = https://b/
            [credential]
                helper = store
            """,
            [
                "more.inc": "[URL \"https://host/\"]\n  INSTEADOF = \"https://gi\\\nthub.org/\"\n",
                "never.inc": "[url \"https://c/\"]\ninsteadOf = https://d/\n",
            ])
        #expect(
            rewrites.all == [
                .init(base: "https://host/", prefix: "https://github.org/"),
                .init(base: "git@github.com:", prefix: "https://github.com/"),
            ])
        #expect(rewrites.secrets.isEmpty)
        #expect(rewrites.target(of: "https://github.com/a/b.git") == "git@github.com:a/b.git")
        #expect(rewrites.target(of: "https://else/a") == "https://else/a")
    }

    @Test("a token in a URL is a secret, is never shown, and goes to a fetch that needs it")
    func secrets() throws {
        let rewrites = try rewrites(
            """
            [url "https://x-access-token:\(Self.token)@github.com/"]
                insteadOf = https://github.com/
            [url "https://\(Self.token)1@gitlab.com/"]
                insteadOf = https://gitlab.com/
            [url "https://me:pa%24%24word@host/"]
                insteadOf = https://host/
            [url "https://carlo@other/"]
                insteadOf = https://other/
            """)
        #expect(Set(rewrites.secrets.values) == [Self.token, "\(Self.token)1", "pa%24%24word", "pa$$word"])
        #expect(!rewrites.secrets.keys.contains { $0.contains(Self.token) })
        let locations = ["https://github.com/a/b.git"]
        #expect(
            rewrites.notice(for: locations)
                == "git uses your insteadOf for the fetch: https://github.com/ for https://github.com/")
        let variables = GitAccess.variables(
            token: nil, locations: locations, rewrites: rewrites, before: [:], hasAgent: false)
        #expect(variables["GIT_CONFIG_COUNT"] == "1")
        #expect(variables["GIT_CONFIG_VALUE_0"] == "https://github.com/")
        #expect(variables["GIT_CONFIG_KEY_0"] == "url.https://x-access-token:\(Self.token)@github.com/.insteadOf")
    }

    @Test("a configuration that is broken in any way is read as far as it goes")
    func fuzz() {
        let texts = ["[url \"https://a/\"] insteadOf = \"b # c\" ; d\n\tx = e\\\n f\n[include]\npath = g\n"]
        let words = ["[", "]", "\"", "\\", "\n", "=", "#", "[url \"", "\\\"", "\r\n", "\u{0}"]
        Fuzzing.run(texts, words: words, rounds: 300) { text, round in
            let settings = GitConfigFile.settings(in: text)
            #expect(settings.allSatisfy { !$0.key.isEmpty && !$0.section.isEmpty }, "round \(round)")
        }
    }

    @Test("a token takes the place of ssh where no agent logs in")
    func token() {
        let rewrites = GitRewrites([.init(base: "git@github.com:", prefix: "https://github.com/")])
        func keys(_ token: String?, _ hasAgent: Bool) -> [String] {
            let variables = GitAccess.variables(
                token: token, locations: ["https://github.com/a"], rewrites: rewrites, before: [:], hasAgent: hasAgent)
            return variables.filter { $0.key.hasPrefix("GIT_CONFIG_KEY") }.map(\.value).sorted()
        }
        #expect(keys(nil, false) == ["url.git@github.com:.insteadOf"])
        #expect(!keys("t", false).contains("url.git@github.com:.insteadOf"))
        #expect(keys("t", true) == ["http.https://github.com/.extraHeader", "url.git@github.com:.insteadOf"])
    }
}

extension RealMix {
    @Suite("a git dependency, by the user's insteadOf")
    struct GitRewriteFetchTests {
        @Test("is fetched from where it leads, with a token that is written nowhere")
        func fetched() async throws {
            try await withTemporaryFolder { folder in
                let token = "ghp_0123456789abcdef"
                let source = folder.appending("source")
                try source.appending("mix.exs").write(
                    "defmodule G.MixProject do\n  use Mix.Project\n  def project, do: [app: :gitdep, version: \"0.1.0\"]\nend\n"
                )
                try source.appending("lib/g.ex").write("defmodule G do\nend\n")
                try folder.appending("served").makeFolder()
                let script = """
                    git init -q . && git add . && git -c user.name=t -c user.email=t@t commit -qm one
                    git clone -q --bare . ../served/priv.git && git -C ../served/priv.git update-server-info
                    """
                _ = try await run("/bin/sh", ["-c", script], workingDirectory: source).succeeded()
                let server = try FileServer(
                    serving: folder.appending("served"),
                    authorization: "Basic " + Data("me:\(token)".utf8).base64EncodedString())
                try folder.appending("user/.gitconfig").write(
                    """
                    [url "\(server.url.replacing("//", with: "//me:\(token)@"))/"]
                        insteadOf = https://git.invalid/ours/
                    """)
                var bench = Workbench(folder.appending("bench"))
                bench.environment["HOME"] = folder.appending("user").string
                bench.variables["DEBUG"] = "1"
                // It does not compile: the rest of the build would prove no more.
                try bench.write(
                    SmallApp.files(
                        deps: "[{:gitdep, git: \"https://git.invalid/ours/priv.git\"}]", more: ["lib/x.ex": "defmodule"]
                    ))
                await #expect(throws: Failure.self) { try await bench.build() }
                #expect(bench.layers.appending("app/deps/gitdep/lib/g.ex").isThere)
                #expect(
                    bench.reports.notices.contains(
                        "git uses your insteadOf for the fetch: \(server.url)/ for https://git.invalid/ours/"))
                #expect(!"\(bench.reports.reports)".contains(token))
                #expect(try await filesHolding(token, in: bench.folder) == [])
                #expect(
                    try bench.layers.appending("app/mix.lock").readText().contains("https://git.invalid/ours/priv.git"))
            }
        }
    }
}
