import BuildpackAPI
import Commands
import Diagnostics
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Hex, rebar3 and packages, from a mirror")
    struct HexTests {
        @Test("of several Hex archives the newest version counts, not the last name")
        func newest() throws {
            try withTemporaryFolder { folder in
                for version in ["2.10.0", "2.9.1", "2.2.0"] { try folder.appending("hex-\(version)/x").write("") }
                try folder.appending("phx_new-1.7.0/x").write("")
                #expect(HexSetup.archives(in: folder) == ["hex-2.2.0", "hex-2.9.1", "hex-2.10.0"])
            }
        }

        /// Made once; tests only read it.
        private static let made = Task {
            try await HexMirror(
                in: try makeTemporaryFolder().appending("hex"),
                packages: [
                    .init("words", "0.1.0", files: package("words", body: "def all, do: [\"hello\"]")),
                    .init(
                        "greeter", "0.3.0", dependencies: [("words", "~> 0.1")],
                        files: package(
                            "greeter", version: "0.3.0", deps: "{:words, \"~> 0.1\"}",
                            body: "def greet, do: Words.all()")),
                    .init("newer", "1.0.0", files: package("newer", version: "1.0.0", body: "def x, do: 1")),
                    .init(
                        "erldep", "0.2.0", tool: "rebar3",
                        files: [
                            "rebar.config": "{erl_opts, []}.\n",
                            "src/erldep.app.src":
                                "{application, erldep, [{vsn, \"0.2.0\"}, {applications, [kernel, stdlib]}]}.\n",
                            "src/erldep.erl": "-module(erldep).\n-export([x/0]).\nx() -> 1.\n",
                        ]),
                ])
        }

        private static func package(
            _ name: String, version: String = "0.1.0", deps: String = "", body: String
        ) -> [String: String] {
            let module = name.prefix(1).uppercased() + name.dropFirst()
            return [
                "mix.exs": """
                defmodule \(module).MixProject do
                  use Mix.Project
                  def project, do: [app: :\(name), version: "\(version)", deps: [\(deps)]]
                end
                """,
                "lib/\(name).ex": "defmodule \(module) do\n  \(body)\nend\n",
            ]
        }

        private func bench(_ folder: FilePath, _ server: FileServer) -> Workbench {
            var bench = Workbench(folder)
            bench.settings = DownloadSettings(builds: server.url, hex: server.url)
            return bench
        }

        private func app(_ deps: String, lock: String?) -> [String: String] {
            SmallApp.files(deps: "[\(deps)]", more: lock.map { ["mix.lock": $0] } ?? [:])
        }

        @Test("Hex and what mix.lock names are fetched by mix from a signed registry, and mix.lock stays as it is")
        func fetched() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let bench = bench(folder, server)
                let lock = mirror.lock("greeter", "words")
                try bench.write(app("{:greeter, \"~> 0.3\"}", lock: lock))
                let result = try await bench.build()
                #expect(result.layers.map(\.name) == ["base", "base-native", "deps", "release", "app"])
                #expect(bench.layers.appending("deps/lib/words-0.1.0/ebin/Elixir.Words.beam").isThere)
                #expect(bench.layers.appending("deps/lib/greeter-0.3.0/ebin/Elixir.Greeter.beam").isThere)
                #expect(
                    bench.reports.notices.contains(
                        "Hex is not installed: fetching hex-2.0.0.ez from \(server.url)\(HexMirror.archivePath)"))
                #expect(!bench.reports.commands.contains { $0.contains("local.hex") })
                #expect(bench.reports.diagnostics.isEmpty, "\(bench.reports.diagnostics)")
                #expect(try bench.project.appending("mix.lock").readText() == lock)
                #expect(try bench.layers.appending("app/mix.lock").readText() == lock)
                // Built once more, nothing is fetched again.
                let asked = server.requests.count
                try bench.project.appending("lib/more.ex").write("defmodule More do\nend\n")
                _ = try await bench.build()
                #expect(server.requests.count == asked)
            }
        }

        @Test("Hex is installed once for a machine, where no project's code has been; who starts over gets the newest")
        func kept() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let helpers = folder.appending("helpers")
                let evil = """
                    for file <- Path.wildcard(Path.join(System.user_home!(), ".mix/archives/**/*.beam")), do: File.write(file, "x")
                    import Config

                    """
                func bench(_ name: String, _ server: FileServer, _ more: [String: String] = [:]) throws -> Workbench {
                    var bench = self.bench(folder.appending(name), server)
                    bench.machineHelpers = helpers
                    try bench.write(app("{:greeter, \"~> 0.3\"}", lock: mirror.lock("greeter", "words")))
                    try bench.write(more)
                    return bench
                }
                func fetchesHex(_ bench: Workbench) -> Bool {
                    bench.reports.notices.contains { $0.hasPrefix("Hex is not installed: fetching ") }
                }
                var hostile = try bench("one", server, ["config/config.exs": evil])
                // Variables may be those of the project's own project.toml.
                func list(_ text: String) -> String { "[" + text.map { "$\($0)" }.joined(separator: ",") + "]" }
                let files = "filelib:wildcard(\(list("/mixpack/home/.mix/archives/**/*.beam")))"
                let spoil =
                    "timer:apply_interval(5,erlang,apply,[fun()->[file:write_file(F,<<1>>)||F<-\(files)]end,[]])"
                let installs = "lists:member(\(list("archive.install")),init:get_plain_arguments())"
                hostile.variables["ERL_AFLAGS"] = "-eval \(installs)andalso\(spoil)"
                _ = try? await hostile.build()
                #expect(fetchesHex(hostile))

                let second = try bench("two", server)
                _ = try await second.build()
                #expect(!fetchesHex(second))

                var third = try bench("three", server)
                third.startsOver = true
                _ = try await third.build()
                #expect(fetchesHex(third))

                let kept = try #require(helpers.names.first { $0.hasPrefix("hex-") })
                let beams = try helpers.appending(kept).tree().filter { $0.hasSuffix(".beam") }
                try Corruption.flip(helpers.appending(kept).appending(try #require(beams.first)))
                let fourth = try bench("four", server)
                _ = try await fourth.build()
                #expect(fetchesHex(fourth))
                #expect(helpers.names.filter { $0.hasPrefix(".hex-") }.isEmpty)
            }
        }

        @Test("packages that are for development only need Hex itself, from the machine or a mirror, and nothing more")
        func developmentOnly() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let files = app("{:greeter, \"~> 0.3\", only: :dev}", lock: nil)
                let first = bench(folder.appending("one"), server)
                try first.write(files)
                _ = try await first.build()
                #expect(first.reports.notices.contains { $0.hasPrefix("Hex is not installed: fetching ") })
                #expect(!first.reports.commands.contains { $0.contains("deps.get") })

                let archives: FilePath = ".mix/archives"
                let home = folder.appending("user")
                try first.cache.appending("home").pushing(archives).copy(to: home.pushing(archives))
                server.stop()
                var second = bench(folder.appending("two"), server)
                second.environment["HOME"] = home.string
                try second.write(files)
                _ = try await second.build()

                // mix reads the mix.exs of a dependency by path, too.
                var path = bench(folder.appending("path"), server)
                path.environment["HOME"] = home.string
                try path.write(app("{:part, path: \"part\"}", lock: nil))
                for (name, text) in SmallApp.files(name: "part", deps: "[{:greeter, \"~> 0.3\", only: :dev}]") {
                    try path.project.appending("part").appending(name).write(text)
                }
                _ = try await path.build()

                let third = bench(folder.appending("three"), server)
                try third.write(files)
                let error = await #expect(throws: Failure.self) { try await third.build() }
                #expect(error?.message.hasPrefix("cannot reach hex: Hex is not installed") == true, "\(error as Any)")
            }
        }

        @Test("with the packages in the machine's Hex and the same mirror it builds offline (case 12)")
        func offline() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let first = bench(folder.appending("one"), server)
                let files = app("{:greeter, \"~> 0.3\"}", lock: mirror.lock("greeter", "words"))
                try first.write(files)
                _ = try await first.build()
                // What a developer who has run mix deps.get has at home.
                let home = folder.appending("user")
                let made = first.cache.appending("home")
                for (name, xdg) in [(".mix", ".local/share/mix"), (".hex", ".cache/hex")] {
                    try made.appending(name).copy(to: home.appending(name))
                    let place = folder.appending("xdg").appending(xdg)
                    try place.removingLastComponent().makeFolders()
                    try made.appending(name).copy(to: place)
                }
                // Beside the newest Hex may lie older ones.
                try home.appending(".mix/archives/hex-0.0.1/hex-0.0.1/ebin/hex.app").write("")
                server.stop()
                for (name, variables) in [("user", [:]), ("xdg", ["MIX_XDG": "1"])] {
                    var second = bench(folder.appending("two-\(name)"), server)
                    second.environment["HOME"] = folder.appending(name).string
                    second.environment.merge(variables) { $1 }
                    second.settings.isOffline = true
                    try second.write(files)
                    _ = try await second.build()
                    #expect(second.layers.appending("deps/lib/words-0.1.0").isThere)
                    #expect(!second.reports.commands.contains { $0.contains("archive.install") })
                }
                // Another mirror's registry is not in that cache.
                var third = bench(folder.appending("three"), server)
                third.environment["HOME"] = home.string
                third.settings = DownloadSettings(hex: "http://127.0.0.1:9", isOffline: true)
                try third.write(files)
                let error = await #expect(throws: Failure.self) { try await third.build() }
                #expect(error?.message.contains("cached locally") == true, "\(String(describing: error))")
            }
        }

        @Test("an altered checksum in mix.lock fails with the package's name (case 13)")
        func alteredLock() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let bench = bench(folder, server)
                var lock = mirror.lock("greeter", "words")
                let entry = try #require(mirror.lockEntries["words"])
                let digest = String(entry.dropLast(2).suffix(64))
                lock = lock.replacing(digest, with: String(digest.reversed()))
                try bench.write(app("{:greeter, \"~> 0.3\"}", lock: lock))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message == "the checksum of words 0.1.0 is not the one in mix.lock")
                #expect(error?.place?.file == "mix.lock")
                #expect(!bench.layers.appending("release").isThere)
            }
        }

        @Test("a mix.lock that does not fit mix.exs is refused, and stays as it is")
        func unfittingLock() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let bench = bench(folder, server)
                let lock = mirror.lock("words")
                try bench.write(app("{:words, \"~> 0.1\"}, {:newer, \"~> 1.0\"}", lock: lock))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message == "mix.lock does not fit mix.exs: mix deps.get would change newer")
                #expect(error?.code == .cannotPlan)
                #expect(error?.advice?.contains("commit mix.lock") == true)
                #expect(try bench.project.appending("mix.lock").readText() == lock)
                #expect(try bench.layers.appending("app/mix.lock").readText() == lock)
            }
        }

        @Test(
            "what is cut off, altered or no answer at all is one line",
            arguments: [
                (
                    HexMirror.archivePath, "altered",
                    "cannot reach hex: Hex is not installed on this machine, and hex-2.0.0.ez from"
                ),
                (HexMirror.archivePath, "cut", "cannot reach hex: Hex is not installed on this machine, and 127.0.0.1"),
                (
                    HexMirror.archiveList, "page",
                    "cannot reach hex: Hex is not installed on this machine, and 127.0.0.1"
                ),
                ("/tarballs/words-0.1.0.tar", "altered", "the checksum of words 0.1.0 is not the one in mix.lock"),
                ("/packages/words", "none", "cannot reach hex for words"),
            ])
        func badAnswers(path: String, how: String, message: String) async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            let page = "<html>no</html>"
            switch how {
            case "altered":
                // Another package in this one's place.
                let other = path.hasSuffix(".ez") ? "/public_key" : "/tarballs/newer-1.0.0.tar"
                server.answer(path, with: .redirect(other))
            case "cut": server.answer(path, with: .cutOff(after: 3000))
            case "page": server.answer(path, with: .status(200, page))
            default: server.answer(path, with: .status(404, page))
            }
            try await withTemporaryFolder { folder in
                let bench = bench(folder, server)
                try bench.write(app("{:words, \"~> 0.1\"}", lock: mirror.lock("words")))
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message.hasPrefix(message) == true, "\(String(describing: error))")
                #expect(error?.message.contains("\n") == false)
                #expect(error?.code == .commandFailed)
                #expect(!bench.reports.output.contains("[Yn]"))
            }
        }

        @Test("rebar3 is fetched where a dependency needs it and the machine has none (case 14)")
        func rebar() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                var bench = bench(folder, server)
                bench.environment["PATH"] = try bareMachinePath(in: folder.appending("tools"), without: ["rebar3"])
                var files = SmallApp.files(deps: "[{:rebdep, path: \"vendor/rebdep\"}]")
                files["vendor/rebdep/rebar.config"] = "{erl_opts, [debug_info]}.\n"
                files["vendor/rebdep/src/rebdep.app.src"] =
                    "{application, rebdep, [{vsn, \"0.3.0\"}, {applications, [kernel, stdlib]}]}.\n"
                files["vendor/rebdep/src/rebdep.erl"] = "-module(rebdep).\n-export([x/0]).\nx() -> 1.\n"
                try bench.write(files)
                _ = try await bench.build()
                #expect(bench.layers.appending("deps/lib/rebdep-0.3.0/ebin/rebdep.beam").isThere)
                #expect(
                    bench.reports.notices.contains { $0.hasPrefix("rebar3 is not installed: fetching rebar3-3") })
                server.stop()
                let other = Workbench(folder.appending("other"))
                var away = other
                away.environment["PATH"] = bench.environment["PATH"]
                try away.write(files)
                let error = await #expect(throws: Failure.self) { try await away.build() }
                #expect(error?.message.hasPrefix("dependency rebdep needs rebar3, which is not") == true)
                #expect(error?.advice?.contains("MIX_REBAR3") == true)
            }
        }

        /// The Hex team's own library, which rebar3 carries: it verifies what it reads.
        private static let otherClientScript = """
            #!/usr/bin/env escript
            main([Beams, Url, Key]) ->
                code:add_patha(Beams),
                {ok, _} = application:ensure_all_started(inets),
                {ok, Pem} = file:read_file(Key),
                Standard = r3_hex_core:default_config(),
                Config = Standard#{repo_url => list_to_binary(Url), repo_public_key => Pem},
                {ok, {200, _, Package}} = r3_hex_repo:get_package(Config, <<"erldep">>),
                Releases = case Package of #{releases := R} -> R; _ -> Package end,
                [#{version := <<"0.2.0">>, outer_checksum := Sum}] = Releases,
                {ok, {200, _, _}} = r3_hex_repo:get_names(Config),
                {ok, {200, _, _}} = r3_hex_repo:get_versions(Config),
                {ok, {200, _, Tarball}} = r3_hex_repo:get_tarball(Config, <<"erldep">>, <<"0.2.0">>),
                {ok, #{outer_checksum := Sum}} = r3_hex_tarball:unpack(Tarball, memory),
                Other = Config#{repo_public_key => maps:get(repo_public_key, Standard)},
                {error, _} = r3_hex_repo:get_package(Other, <<"erldep">>).

            """

        @Test("the mirror is one that the Hex team's own library fetches from and verifies")
        func otherClient() async throws {
            let mirror = try await Self.made.value
            let server = try FileServer(serving: mirror.folder)
            try await withTemporaryFolder { folder in
                let script = folder.appending("client.escript")
                try script.write(Self.otherClientScript)
                let library = mirror.folder.appending("rebar3/rebar/ebin").string
                let key = mirror.folder.appending("public_key").string
                _ = try await run(findTool("escript"), [script.string, library, server.url, key]).succeeded()
                #expect(server.requests.contains("GET /tarballs/erldep-0.2.0.tar"))
            }
        }

        @Test("a private git dependency is fetched with a token that is written nowhere")
        func gitToken() async throws {
            try await withTemporaryFolder { folder in
                let token = "ghp_0123456789abcdef"
                let header = "Basic " + Data("x-access-token:\(token)".utf8).base64EncodedString()
                let source = folder.appending("source")
                for (path, text) in Self.package("gitdep", body: "def x, do: 1") {
                    try source.appending(path).write(text)
                }
                let script = """
                    git init -q . && git add . && git -c user.name=t -c user.email=t@t commit -qm one
                    git clone -q --bare . ../served/priv.git && git -C ../served/priv.git update-server-info
                    """
                try folder.appending("served").makeFolder()
                _ = try await run("/bin/sh", ["-c", script], workingDirectory: source).succeeded()
                let server = try FileServer(serving: folder.appending("served"), authorization: header)
                var bench = Workbench(folder.appending("bench"))
                bench.variables = ["GIT_TOKEN": token, "DEBUG": "1"]
                bench.secrets = ["GIT_TOKEN"]
                try bench.write(SmallApp.files(deps: "[{:gitdep, git: \"\(server.url)/priv.git\"}]"))
                _ = try await bench.build()
                #expect(bench.layers.appending("deps/lib/gitdep-0.1.0").isThere)
                for secret in [token, String(header.dropFirst(6))] {
                    #expect(!"\(bench.reports.reports)".contains(secret))
                    #expect(try await filesHolding(secret, in: bench.folder) == [])
                }
                var wrong = Workbench(folder.appending("wrong"))
                wrong.variables = ["GIT_TOKEN": "ghp_ffffffffffffffff"]
                try wrong.write(SmallApp.files(deps: "[{:gitdep, git: \"\(server.url)/priv.git\"}]"))
                let error = await #expect(throws: Failure.self) { try await wrong.build() }
                #expect(error?.message.hasPrefix("cannot fetch gitdep from \(server.url)/priv.git: ") == true)
                #expect("\(String(describing: error))".contains("ghp_") == false)
            }
        }

        @Test("a token goes to servers over HTTPS, and to ssh hosts where no agent logs in")
        func gitAccess() {
            let locations = [
                "https://github.com/a/b.git", "http://example.com/x.git", "git@gitlab.com:c/d.git",
                "ssh://git@git.example.org/e.git", "https://github.com/other.git", "file:///tmp/x",
            ]
            let with = GitAccess.variables(token: "t", locations: locations, before: [:], hasAgent: true)
            #expect(with["GIT_CONFIG_COUNT"] == "1")
            #expect(with["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraHeader")
            let without = GitAccess.variables(
                token: "t", locations: locations, before: ["GIT_CONFIG_COUNT": "2"], hasAgent: false)
            #expect(without["GIT_CONFIG_COUNT"] == "9")
            #expect(without["GIT_CONFIG_KEY_0"] == nil && without["GIT_CONFIG_KEY_2"] != nil)
            let rewritten = without.filter { $0.value.hasSuffix(".insteadOf") }.keys
                .compactMap { without[$0.replacing("KEY", with: "VALUE")] }
            #expect(rewritten.contains("git@gitlab.com:") && rewritten.contains("ssh://git@git.example.org/"))
            #expect(!without.values.contains { $0.contains("http://example.com") })
            #expect(GitAccess.variables(token: "t", locations: [], before: [:], hasAgent: false).isEmpty)
        }
    }
}
