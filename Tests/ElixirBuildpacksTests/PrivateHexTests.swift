import BuildpackAPI
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection

extension RealMix {
    @Suite("private Hex repositories, from a server that asks for keys and signs its registry")
    struct PrivateHexTests {
        private static let acmeKey = "acme-0123456789abcdef"
        private static let corpKey = "corp-0123456789abcdef"
        private static let otherKey = "other-0123456789abcdef"

        /// Made once; tests only read it.
        private static let made = Task {
            try await HexMirror(
                in: try makeTemporaryFolder().appending("hex"),
                packages: [
                    .init("words", "0.1.0", retired: "use 0.2.0", files: package("words")),
                    .init(
                        "ours", "0.1.0", dependencies: [("words", "~> 0.1")], repository: "acme",
                        files: package("ours", deps: "{:words, \"~> 0.1\"}")),
                    .init("tools", "0.1.0", repository: "corp", files: package("tools")),
                ])
        }

        private static func package(_ name: String, deps: String = "") -> [String: String] {
            let module = name.prefix(1).uppercased() + name.dropFirst()
            return [
                "mix.exs": """
                defmodule \(module).MixProject do
                  use Mix.Project
                  def project, do: [app: :\(name), version: "0.1.0", deps: [\(deps)]]
                end
                """,
                "lib/\(name).ex": "defmodule \(module) do\nend\n",
            ]
        }

        private func server(_ mirror: HexMirror) throws -> FileServer {
            try FileServer(
                serving: mirror.folder,
                authorizations: ["/repos/acme/": Self.acmeKey, "/repos/corp/": Self.corpKey])
        }

        /// A project with a package of an organisation and one of a server of its own.
        private func bench(_ folder: FilePath, _ server: FileServer, _ mirror: HexMirror) throws -> Workbench {
            var bench = Workbench(folder.appending("bench"))
            bench.settings = DownloadSettings(builds: server.url, hex: server.url)
            bench.environment["HOME"] = folder.appending("user").string
            let deps = "[{:ours, \"~> 0.1\", organization: \"acme\"}, {:tools, \"~> 0.1\", repo: \"corp\"}]"
            try bench.write(
                SmallApp.files(deps: deps, more: ["mix.lock": mirror.lock("ours", "tools", "words")]))
            return bench
        }

        /// What the user's Hex has: another server for hexpm, one of their own, and an organisation of no use here.
        private func configure(_ folder: FilePath, _ server: FileServer, key: String, acme: String = "") throws {
            let pem = key.replacing("\n", with: "\\n")
            try folder.appending("user/.hex/hex.config").write(
                """
                {'$write_key',<<"write-0123456789abcdef">>}.
                {'$repos',#{<<"corp">> =>
                                #{auth_key => <<"\(Self.corpKey)">>,public_key => <<"\(pem)">>,
                                  url => <<"\(server.url)/repos/corp">>},
                            <<"hexpm">> =>
                                #{public_key => <<"\(pem)">>,url => <<"\(server.url)">>},\(acme)
                            <<"hexpm:other">> => #{auth_key => <<"\(Self.otherKey)">>}}}.

                """)
        }

        @Test("keys come from --secret and from the user's Hex, and are in nothing that the build leaves")
        func fetched() async throws {
            let mirror = try await Self.made.value
            let server = try server(mirror)
            try await withTemporaryFolder { folder in
                var bench = try bench(folder, server, mirror)
                try configure(folder, server, key: mirror.publicKey)
                bench.variables = ["HEX_ORG_ACME": Self.acmeKey, "DEBUG": "1"]
                bench.secrets = ["HEX_ORG_ACME"]
                bench.dependencies = bench.folder.appending("cache/dependencies")
                _ = try await bench.build()
                for name in ["ours", "tools", "words"] {
                    #expect(bench.layers.appending("deps/lib/\(name)-0.1.0").isThere)
                }
                let file = folder.appending("user/.hex/hex.config").string
                #expect(
                    bench.reports.notices.contains(
                        "Hex repositories set up for the fetch: corp (\(file)), hexpm (\(file)), hexpm:acme (HEX_ORG_ACME)"
                    ), "\(bench.reports.notices)")
                for key in [Self.acmeKey, Self.corpKey, Self.otherKey, "write-0123456789abcdef"] {
                    #expect(!"\(bench.reports.reports)".contains(key))
                    #expect(try await filesHolding(key, in: bench.folder) == [])
                }
                let withKeys = bench.reports.output.split(separator: "\n").filter { $0.contains("MIXPACK_HEX_CONFIG=") }
                #expect(withKeys.count == 1 && withKeys.allSatisfy { $0.contains("mix deps.get") })
                #expect(!bench.cache.appending("home/.hex/hex.config").isThere)
                #expect(bench.cache.appending("home/.hex/cache.ets").isThere)
                #expect(
                    bench.reports.diagnostics.map(\.text) == ["words 0.1.0 is retired: security, use 0.2.0"],
                    "\(bench.reports.diagnostics)")
            }
        }

        @Test("the token of the user's login is enough for an organisation, and is in nothing that the build leaves")
        func loggedIn() async throws {
            let mirror = try await Self.made.value
            let token = "at-0123456789abcdef"
            let server = try FileServer(
                serving: mirror.folder,
                authorizations: ["/repos/acme/": "Bearer \(token)", "/repos/corp/": Self.corpKey])
            try await withTemporaryFolder { folder in
                var bench = try bench(folder, server, mirror)
                try await bringHex(to: folder, server)
                // hex.config has the server's address: no mirror gets a login.
                bench.settings = DownloadSettings(builds: server.url)
                try configure(folder, server, key: mirror.publicKey)
                let file = folder.appending("user/.hex/hex.config")
                let kept = "access_token => <<\"\(token)\">>,refresh_token => <<\"rt-0\">>,expires_at => 4102444800"
                let written = try file.readText() + "{'$oauth_token',#{\(kept)}}.\n"
                try file.write(written)
                bench.variables = ["DEBUG": "1"]
                _ = try await bench.build()
                #expect(bench.layers.appending("deps/lib/ours-0.1.0").isThere)
                #expect(bench.reports.notices.contains { $0.hasSuffix("hexpm:acme (your login in \(file))") })
                #expect(!"\(bench.reports.reports)".contains(token))
                #expect(try await filesHolding(token, in: bench.folder) == [])
                #expect(try file.readText() == written)
            }
        }

        /// Has the user's home have Hex, as after mix local.hex.
        private func bringHex(to folder: FilePath, _ server: FileServer) async throws {
            var first = Workbench(folder.appending("first"))
            first.settings = DownloadSettings(builds: server.url, hex: server.url)
            try first.write(SmallApp.files(deps: "[{:words, \"~> 0.1\", only: :dev}]"))
            _ = try await first.build()
            let archives: FilePath = ".mix/archives"
            try first.cache.appending("home").pushing(archives).copy(to: folder.appending("user").pushing(archives))
        }

        @Test("a registry that another key signed is refused")
        func otherSignature() async throws {
            let mirror = try await Self.made.value
            let server = try server(mirror)
            try await withTemporaryFolder { folder in
                var bench = try bench(folder, server, mirror)
                let other = folder.appending("other.pem").string
                _ = try await run("/usr/bin/openssl", ["genrsa", "-out", "\(other).key", "2048"]).succeeded()
                _ = try await run("/usr/bin/openssl", ["rsa", "-in", "\(other).key", "-pubout", "-out", other])
                    .succeeded()
                try configure(folder, server, key: FilePath(other).readText())
                bench.variables = ["HEX_ORG_ACME": Self.acmeKey]
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(
                    error?.message.hasPrefix("Hex refuses the registry's record") == true,
                    "\(String(describing: error))")
            }
        }

        @Test("a key that the server refuses names the organisation, and what to give")
        func wrongKey() async throws {
            let mirror = try await Self.made.value
            let server = try server(mirror)
            try await withTemporaryFolder { folder in
                let bench = try bench(folder, server, mirror)
                let acme = "<<\"hexpm:acme\">> => #{auth_key => <<\"\(Self.otherKey)\">>},"
                try configure(folder, server, key: mirror.publicKey, acme: acme)
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(
                    error?.message == "the Hex organisation acme refuses the key for ours",
                    "\(String(describing: error))")
                #expect(error?.advice?.contains("--secret HEX_ORG_ACME") == true)
                #expect(error?.advice?.contains("mix hex.organization auth acme") == true)
            }
        }

        @Test("a missing key or repository is an error before anything is fetched")
        func missing() async throws {
            let mirror = try await Self.made.value
            let server = try server(mirror)
            try await withTemporaryFolder { folder in
                var bench = try bench(folder, server, mirror)
                bench.settings = DownloadSettings(builds: server.url, hex: nil)
                let unknown = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(unknown?.message == "tools comes from the Hex repository corp, which is not set up")
                #expect(unknown?.advice?.contains("mix hex.repo add corp URL") == true)
                try configure(folder, server, key: mirror.publicKey)
                let error = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(error?.message == "ours comes from the Hex organisation acme, and there is no key for it")
                #expect(error?.advice?.contains("--secret HEX_ORG_ACME") == true)
                #expect(error?.code == .cannotPlan)
                #expect(server.requests.isEmpty)
            }
        }

        @Test("without a sandbox the keys are in a private folder in memory, and that is gone after the fetch")
        func home() async throws {
            try await withTemporaryFolder { folder in
                try configure(folder, FileServer(serving: folder), key: "k")
                let access = HexAccess(
                    needed: ["corp"], configuration: HexConfiguration(["HOME": folder.appending("user").string]),
                    variables: [:])
                let places = MixPlaces(
                    copy: folder.appending("copy"), home: folder.appending("home"), output: folder.appending("out"),
                    isSandboxed: false)
                try places.home.makeFolder()
                let home = try await HexHome(access: access, places: places).filled(CommandRoom()) { room, tasks in
                    let home = FilePath(try #require(room.variables["HEX_HOME"]))
                    #expect(home.string.hasPrefix("/dev/shm/mixpack-"))
                    // Another build removes what killed ones left.
                    SharedMemory().sweep()
                    #expect(FileStamp(of: home)?.permissions == 0o700)
                    #expect(home.appending("packages").isThere && tasks != nil)
                    #expect(room.secrets["MIXPACK_HEX_CONFIG"] == access.text)
                    return home
                }
                #expect(!home.isThere)
            }
        }

        @Test("the fetch gets the repositories that the project needs, and of them no more than Hex needs")
        func access() throws {
            try withTemporaryFolder { folder in
                try folder.appending("user/.hex/hex.config").write(
                    """
                    {'$repos',#{<<"hexpm:acme">> => #{auth_key => <<"a-key">>,oauth_token => #{access_token => <<"t">>}},
                                <<"hexpm:other">> => #{auth_key => <<"o-key">>},
                                <<"hexpm">> => #{url => <<"http://x">>}}}.

                    """)
                let own = HexConfiguration(["HOME": folder.appending("user").string])
                func text(_ needed: Set<String>?, _ variables: [String: String] = [:]) -> String {
                    let access = HexAccess(needed: needed, configuration: own, variables: variables)
                    let repositories = ErlangTextReader.terms(of: Array(access.text.utf8))?[0].tuple?[1].map ?? [:]
                    return repositories.map { name, value in
                        let settings = (value.map ?? [:]).map { "\($0.key.atom ?? "")=\($0.value.text ?? "?")" }
                        return "\(name.text ?? "") \(settings.sorted().joined(separator: " "))"
                    }.sorted().joined(separator: "; ")
                }
                #expect(text(["hexpm"]) == "hexpm url=http://x")
                #expect(text(["hexpm:acme"]) == "hexpm url=http://x; hexpm:acme auth_key=a-key")
                #expect(text(["hexpm:acme"], ["HEX_ORG_ACME": "mine"]).hasSuffix("hexpm:acme auth_key=mine"))
                #expect(text(["hexpm:a-b.c"], ["HEX_ORG_A_B_C": "mine"]).hasSuffix("hexpm:a-b.c auth_key=mine"))
                // Without a lock, what a private package depends on is not known.
                #expect(text(nil).contains("hexpm:other auth_key=o-key"))
                #expect(text(["corp"], ["HEX_ORG_CORP": "mine"]) == "")
                let names = own.secrets.keys.sorted()
                #expect(names == ["hex.config:hexpm:acme", "hex.config:hexpm:other"])
            }
        }

        @Test("an organisation without a key is read with the user's login, and never with what renews it")
        func login() throws {
            try withTemporaryFolder { folder in
                let file = folder.appending("user/.hex/hex.config")
                func access(_ needed: String?, _ variables: [String: String] = [:], now: Int = 1_000) -> HexAccess {
                    HexAccess(
                        needed: needed.map { [$0] },
                        configuration: HexConfiguration(["HOME": folder.appending("user").string]),
                        variables: variables, now: now)
                }
                for name in ["access_token", "<<\"access_token\">>"] {
                    let renewal = "refresh_token => <<\"rt-0123456789\">>,expires_at => 2000"
                    try file.write(
                        "{'$oauth_token',#{\(name) => <<\"at-0123456789\">>,\(renewal)}}.\n".replacing(
                            "expires_at", with: name.hasPrefix("<<") ? "<<\"expires_at\">>" : "expires_at"))
                    let login = access("hexpm:acme")
                    let terms = ErlangTextReader.terms(of: Array(login.text.utf8)) ?? []
                    let token = terms.last?.tuple?.last
                    #expect(token?["access_token"]?.text == "at-0123456789")
                    #expect(token?["expires_at"] == .integer(2000) && token?.map?.count == 2)
                    #expect(
                        login.notice == "Hex repositories set up for the fetch: hexpm:acme (your login in \(file))")
                }
                #expect(
                    HexConfiguration(["HOME": folder.appending("user").string]).secrets == [
                        "hex.config:login": "at-0123456789"
                    ])
                #expect(access("hexpm").isEmpty)
                // Without a lock, which organisations are needed is not known.
                #expect(access(nil).login != nil)
                #expect(access(nil).notice?.hasSuffix("organisations without a key (your login in \(file))") == true)
                #expect(access("hexpm:acme", ["HEX_ORG_ACME": "mine"]).login == nil)
                let user = HexConfiguration(["HOME": folder.appending("user").string])
                let mirrored = HexAccess(
                    needed: ["hexpm:acme"], configuration: user, variables: [:], usesLogin: false, now: 1_000)
                #expect(mirrored.isEmpty)

                let ended = access("hexpm:acme", now: 1_990)
                var project = MixProject(kind: .application, evidence: .evaluated, app: "shop")
                project.dependencies = [MixDependency(name: "ours", source: .hex, repository: "hexpm:acme")]
                #expect(ended.login == nil)
                let error = #expect(throws: Failure.self) { try ended.check(project, isMirrored: false) }
                #expect(error?.message.hasSuffix("and there is no key for it; your login has expired") == true)
                #expect(error?.advice?.hasPrefix("renew the login: mix hex.user whoami\n") == true)
            }
        }

        @Test("mix gets no key of Hex's, given or in the machine's environment")
        func environment() throws {
            #expect(SecretName.isSecret("HEX_ORG_ACME"))
            for name in ["HEX_ORG_ACME", "HEX_REPOS_KEY"] { #expect(MixEnvironment.isOurs(name)) }
            #expect(!MixEnvironment.isOurs("HEX_MIRROR"))
        }
    }
}
