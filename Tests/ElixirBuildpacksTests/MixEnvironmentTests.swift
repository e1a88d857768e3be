import BuildpackAPI
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection
@testable import Toolchains

@Suite("What mix sees")
struct MixEnvironmentTests {
    private let toolchain = Toolchain(
        elixirVersion: "1.14.0", otpVersion: "25.2.3", ertsVersion: "13.1.5", elixirRoot: "/usr/lib/elixir",
        erlangRoot: "/opt/erlang")

    private func make(
        _ environment: [String: String], variables: [String: String] = [:], isSandboxed: Bool = true,
        secrets: Set<String> = [], fetchSecrets: [String: String] = [:], usesAgent: Bool = false,
        layers: FilePath = "/cache/layers/own",
        beams: RepeatableBeams.Helper? = nil
    ) -> MixEnvironment {
        let context = BuildContext(
            applicationDirectory: "/p", layersDirectory: layers, platformVariables: variables, secretNames: secrets,
            fetchSecrets: fetchSecrets, environment: environment, plan: [], cacheDirectory: "/cache/own",
            reporter: .silent)
        let places = MixPlaces(copy: "/c/app", home: "/c/home", output: "/c/out", isSandboxed: isSandboxed)
        let tools = BuildTools(
            environment, for: MixProject(kind: .application, evidence: .evaluated, app: "a"), in: "/c/app")
        return MixEnvironment(
            context, toolchain: toolchain, places: places, usesAgent: usesAgent, tools: tools, beams: beams)
    }

    @Test("Nothing of the user's own environment gets through but what is known to be needed")
    func scrubs() {
        let variables = make([
            "PATH": "/usr/bin", "HOME": "/home/ann", "EDITOR": "vi", "AWS_SECRET_ACCESS_KEY": "k", "MIX_EXS": "x.exs",
            "HTTPS_PROXY": "http://proxy:1", "HEX_MIRROR": "http://mirror", "HEX_HOME": "/home/ann/.hex",
            "SSH_AUTH_SOCK": "/run/agent", "MIXPACK_BUILD_LOCK": "/l",
        ]).variables
        #expect(
            Set(variables.keys).subtracting(["MIX_REBAR3"]) == [
                "PATH", "HOME", "MIX_HOME", "HEX_HOME", "MIX_ENV", "LANG", "LC_ALL", "ERL_COMPILER_OPTIONS",
                "GIT_TERMINAL_PROMPT", "GIT_SSH_COMMAND", "HTTPS_PROXY", "HEX_MIRROR", "MIXPACK_BUILD_LOCK",
                "ERL_CRASH_DUMP_SECONDS",
            ])
        #expect(variables["HOME"] == "/mixpack/home")
        #expect(variables["HEX_HOME"] == "/mixpack/home/.hex")
    }

    @Test("What makes beams repeatable comes before the user's own options of Erlang, and fits every sandbox")
    func erlangOptions() throws {
        let beams = RepeatableBeams.Helper(folder: "/helpers/my beams", needsWords: true)
        let made = make([:], variables: ["ELIXIR_ERL_OPTIONS": "+S 1:1"], beams: beams)
        let options = try #require(made.variables["ELIXIR_ERL_OPTIONS"])
        #expect(options.hasPrefix("-pa /mixpack/beams -s mixpack_beams start /mixpack/home/"), "\(options)")
        #expect(options.hasSuffix(" +S 1:1"))
        #expect(made.binds.contains { $0.source == "/helpers/my beams" && !$0.isWritable })
        #expect(make([:], isSandboxed: false, beams: beams).variables["ELIXIR_ERL_OPTIONS"] == nil)
    }

    @Test("The proxies' variables get through, those with the servers that need none too")
    func proxies() {
        let machine = Dictionary(
            uniqueKeysWithValues: ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap { name in
                [(name, "of \(name)"), (name.lowercased(), "of \(name.lowercased())")]
            })
        #expect(make(machine).variables.filter { $0.key.lowercased().hasSuffix("_proxy") } == machine)
    }

    @Test("What is compiled never sees the token for private dependencies, and no dump of the VM lists variables")
    func secrets() {
        let machine = ["GIT_TOKEN": "hunter2", "ERL_CRASH_DUMP_SECONDS": "60"]
        let variables = make(machine, variables: ["GIT_TOKEN": "hunter2", "OTHER_TOKEN": "x"]).variables
        #expect(variables["GIT_TOKEN"] == nil)
        #expect(variables["OTHER_TOKEN"] == "x")
        #expect(variables["ERL_CRASH_DUMP_SECONDS"] == "0")
    }

    @Test("What fetches gets access to what is fetched and no secret of the build; what builds gets the opposite")
    func steps() {
        let given = [
            "GIT_TOKEN": "git", "HEX_API_KEY": "api", "HEX_ORG_ACME": "org", "API_TOKEN": "build", "NPM_TOKEN": "both",
            "PLAIN": "1",
        ]
        let made = make(
            [:], variables: given, secrets: Set(given.keys).subtracting(["PLAIN"]),
            fetchSecrets: ["NPM_TOKEN": "both", "CARGO_TOKEN": "fetch"])
        let names = { (step: MixStep) in
            Set(made.variables(of: step).keys).intersection(given.keys.map(\.self) + ["CARGO_TOKEN"])
        }
        #expect(names(.build) == ["API_TOKEN", "NPM_TOKEN", "PLAIN"])
        // Git's token and the keys of organisations go to git and Hex by their own ways.
        #expect(names(.fetch) == ["HEX_API_KEY", "NPM_TOKEN", "CARGO_TOKEN", "PLAIN"])
        #expect(made.standIns.keys.sorted() == ["API_TOKEN"])
        #expect(made.standIns["API_TOKEN"]?.contains("build") == false)
    }

    @Test("The user's variables come on top, but for those that name the machine's folders")
    func user() {
        let given = ["MIX_ENV": "staging", "MIX_HOME": "/x", "HOME": "/x", "ANY": "1", "PATH": "/tools"]
        let variables = make(["PATH": "/usr/bin"], variables: given).variables
        #expect(variables["MIX_ENV"] == "staging")
        #expect(variables["ANY"] == "1")
        #expect(variables["MIX_HOME"] == "/mixpack/home/.mix")
        #expect(variables["HOME"] == "/mixpack/home")
        #expect(variables["PATH"] == "/tools:/usr/lib/elixir/bin:/opt/erlang/bin:/usr/bin")
    }

    @Test("The sandbox shows a toolchain outside of /usr and other buildpacks' layers, no home folder")
    func folders() {
        let path =
            "/cache/layers/io.github.carlo-colombo.erlang-runtime/erlang/bin:/cache/layers/node/node/bin:/home/ann/bin:/usr/bin"
        let environment = make(["PATH": path])
        #expect(
            environment.variables["PATH"]
                == "/usr/lib/elixir/bin:/opt/erlang/bin:/cache/layers/node/node/bin:/usr/bin")
        #expect(environment.binds.map(\.destination).prefix(2) == ["/opt/erlang", "/cache/layers"])
        #expect(make(["PATH": "/usr/bin"]).binds.map(\.destination).contains("/cache/layers") == false)
        let bare = make(["PATH": path], isSandboxed: false)
        #expect(bare.variables["PATH"]?.hasSuffix("/home/ann/bin:/usr/bin") == true)
        #expect(bare.variables["HOME"] == "/c/home")
    }

    @Test("The ssh agent is there for git dependencies by ssh alone")
    func agent() throws {
        try withTemporaryFolder { folder in
            try folder.appending(".ssh/known_hosts").write("host key")
            try folder.appending("agent").write("")
            let machine = ["SSH_AUTH_SOCK": folder.appending("agent").string, "HOME": folder.string]
            #expect(make(machine).fetching["SSH_AUTH_SOCK"] == nil)
            let environment = make(machine, usesAgent: true)
            #expect(environment.fetching["SSH_AUTH_SOCK"] == folder.appending("agent").string)
            #expect(environment.fetching["GIT_SSH_COMMAND"]?.contains("/mixpack/known_hosts") == true)
            #expect(environment.fetchingBinds.contains { $0.destination == "/mixpack/known_hosts" && !$0.isWritable })
            // What builds has neither the variable nor the socket.
            #expect(environment.variables["SSH_AUTH_SOCK"] == nil)
            let places = MixPlaces(copy: "/c/app", home: "/c/home", output: "/c/out", isSandboxed: true)
            let seen = { (step: MixStep) in
                places.sandbox(environment.binds, step, more: environment.fetchingBinds)?.binds.map(\.source) ?? []
            }
            #expect(seen(.fetch).contains(folder.appending("agent")))
            #expect(!seen(.build).contains(folder.appending("agent")))
        }
    }
}
