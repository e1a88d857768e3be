import BuildpackAPI
import Diagnostics
import SystemPackage
import TestSupport
import Testing
import Text

@testable import Lifecycle

@Suite("bin/build of external buildpacks")
struct BuildProgramTests {
    /// Runs a script as bin/build.
    private func build(
        _ script: String, api: String = "0.12", table: String = "", plan: [BuildPlan.Requirement] = [],
        _ check: (BuildpackBench, BuildResult) throws -> Void = { _, _ in }
    ) async throws {
        try await withTemporaryFolder { folder in
            let buildpack = try ScriptedBuildpack("my/bp", api: api, in: folder, table: table, build: script).open()
            var bench = try BuildpackBench(folder)
            bench.plan = plan
            try check(bench, try await bench.build(buildpack))
        }
    }

    /// The error of a script as bin/build.
    private func failure(
        _ script: String, api: String = "0.12", table: String = "", plan: [BuildPlan.Requirement] = []
    ) async throws -> Failure? {
        await #expect(throws: Failure.self) { try await build(script, api: api, table: table, plan: plan) }
    }

    @Test("H1: it starts in the application, with its layers, the platform and its part of the plan as arguments")
    func arguments() async throws {
        let script = """
            test "$(pwd)" = /workspace && test "$1" = /layers/my_bp && test "$2" = /platform && test "$#" = 3
            cp "$3" "$1/seen" && echo '[types]' > "$1/x.toml" && touch from-build
            """
        let metadata: [String: MetadataValue] = ["version": .string("1"), "deep": .table(["a": .integer(1)])]
        try await build(script, plan: [.init("x", metadata: metadata), .init("y")]) { bench, _ in
            let seen = try bench.layers.appending("my_bp").appending("seen").readText()
            #expect(
                seen == """
                    [[entries]]
                    name = "x"

                    [entries.metadata]
                    version = "1"

                    [entries.metadata.deep]
                    a = 1

                    [[entries]]
                    name = "y"

                    """)
            #expect(bench.app.appending("from-build").isThere)
        }
        try await build("test ! -s \"$3\" && test -f \"$3\"")
    }

    @Test("B0.2: a buildpack of API 0.2 reads the version beside the name")
    func planVersion() async throws {
        let plan = [BuildPlan.Requirement("x", metadata: ["version": .string("7")])]
        try await build("grep -x 'version = \"7\"' $3 | wc -l | grep -x 2", api: "0.2", plan: plan)
        try await build("grep -x 'version = \"7\"' $3 | wc -l | grep -x 1", api: "0.3", plan: plan)
    }

    @Test("H2: a status other than 0 is exit code 51, anything else that is wrong 52")
    func exitCodes() async throws {
        let failed = try await failure("exit 3")
        #expect(failed?.code == .commandFailed)
        #expect(failed?.message == "my/bp@1.0.0: bin/build ended with status 3")
        #expect(failed.map { ExitCode.code(for: $0) } == 51)
        let broken = try await failure("echo '[types' > $1/x.toml")
        #expect(broken?.code == .buildFailed)
        #expect(broken.map { ExitCode.code(for: $0) } == 52)
    }

    @Test(
        "H3: build.toml names what is left unmet, and only what was asked for",
        arguments: [
            ("[[unmet]]\nname = \"x\"", ["x"]), ("", []), ("[[unmet]]\nname = \"\"", nil), ("[[unmet]]", nil),
            ("[[unmet]]\nname = \"z\"", nil),
        ] as [(String, [String]?)])
    func unmet(text: String, expected: [String]?) async throws {
        let script = "cat > $1/build.toml <<'EOF'\n\(text)\nEOF"
        guard let expected else {
            let error = try await failure(script, plan: [.init("x"), .init("y")])
            #expect(error?.code == .buildFailed)
            return
        }
        try await build(script, plan: [.init("x"), .init("y")]) { #expect($1.unmet == expected) }
    }

    @Test("B0.5: up to API 0.4 what a buildpack takes out of the plan file is left unmet")
    func planAfter() async throws {
        let plan = [BuildPlan.Requirement("x"), .init("y")]
        let script = "printf '[[entries]]\\nname = \"y\"\\n' > $3"
        try await build(script, api: "0.4", plan: plan) { #expect($1.unmet == ["x"]) }
        try await build(script, api: "0.5", plan: plan) { #expect($1.unmet == []) }
        try await build("true", api: "0.4", plan: plan) { #expect($1.unmet == []) }
    }

    @Test("H4: every toml but launch.toml, build.toml and store.toml is a layer; one for nothing is set aside")
    func layers() async throws {
        let script = """
            mkdir $1/a $1/b.c $1/off $1/bare && touch $1/bare/file
            printf '[types]\\nlaunch = true\\n[metadata]\\nv = "1"\\n' > $1/a.toml
            printf '[types]\\nBuild = true\\nCACHE = true\\n' > $1/b.c.toml
            echo '[types]' > $1/off.toml; touch $1/launch.toml $1/build.toml
            printf '[metadata]\\nk = "v"\\n' > $1/store.toml
            printf '[types]\\nlaunch = true\\n' > $1/gone.toml
            """
        try await build(script) { bench, result in
            #expect(
                result.layers == [
                    LayerContribution("a", types: .launch, metadata: ["v": .string("1")]),
                    LayerContribution("b.c", types: [.build, .cache]), LayerContribution("gone", types: .launch),
                ])
            #expect(result.store == ["k": .string("v")])
            let all = try bench.layers.appending("my_bp").names()
            let names = all.filter { !$0.hasSuffix(".toml") }
            #expect(names == ["a", "b.c", "bare.ignore", "off.ignore"])
        }
    }

    @Test("B0.6: types are a table of their own from API 0.6 on, top-level keys before; nothing is set aside before")
    func types() async throws {
        let old = "mkdir $1/x $1/y; printf 'launch = true\\nbuild = false\\n' > $1/x.toml"
        try await build(old, api: "0.5") { bench, result in
            #expect(result.layers == [LayerContribution("x", types: .launch)])
            let names = try bench.layers.appending("my_bp").names()
            #expect(names == ["x", "x.toml", "y"])
        }
        let error = try await failure(old, api: "0.6")
        #expect(error?.message.contains("x.toml:1:") == true)
        let new = "mkdir $1/x; printf 'cache = true\\n[types]\\nlaunch = true\\n' > $1/x.toml"
        try await build(new, api: "0.5") { #expect($1.layers == [LayerContribution("x", types: .cache)]) }
    }

    @Test("H5: a layer's folder may be missing; two default processes may not be")
    func defaults() async throws {
        let table = "printf '[[processes]]\\ntype = \"%s\"\\ncommand = [\"x\"]\\ndefault = true\\n'"
        try await build("\(table) a > $1/launch.toml") { #expect($1.processes.map(\.isDefault) == [true]) }
        for names in ["a b", "a a"] {
            let error = try await failure("\(table) \(names) > $1/launch.toml")
            #expect(error?.message.contains("multiple default process types aren't allowed") == true)
        }
    }

    @Test("H6: launch.toml has labels, processes and slices")
    func launch() async throws {
        let script = """
            cat > $1/launch.toml <<'EOF'
            [[labels]]
            key = "a.b"
            value = "c"
            [[processes]]
            type = "web.it"
            command = ["run", "it"]
            args = ["x"]
            default = true
            working-dir = "/w"
            exec-env = ["test"]
            [[slices]]
            Paths = ["static/*"]
            [[slices]]
            paths = ["a", "b"]
            EOF
            """
        try await build(script) { _, result in
            #expect(result.labels == ["a.b": "c"])
            #expect(
                result.processes == [
                    ProcessType(
                        "web.it", command: ["run", "it"], arguments: ["x"], isDirect: true, isDefault: true,
                        workingDirectory: "/w", executionEnvironments: ["test"])
                ])
            #expect(result.slices == [["static/*"], ["a", "b"]])
        }
    }

    @Test(
        "B0.6, B0.8, B0.9: what a process may say depends on the API",
        arguments: [
            // API, keys, whether it is direct, whether it is the default, its folder; nothing where it is an error
            ("0.5", "type = \"web\"\ncommand = \"run\"", "shell default -"),
            ("0.5", "type = \"x\"\ncommand = \"run\"\ndefault = true", "shell - -"),
            ("0.6", "type = \"web\"\ncommand = \"run\"", "shell - -"),
            ("0.6", "type = \"x\"\ncommand = \"run\"\ndefault = true\ndirect = true", "direct default -"),
            ("0.7", "type = \"x\"\ncommand = \"run\"\nworking-dir = \"/w\"", "shell - -"),
            ("0.8", "type = \"x\"\ncommand = \"run\"\nworking-dir = \"/w\"", "shell - /w"),
            ("0.8", "type = \"x\"\ncommand = [\"run\"]", nil), ("0.9", "type = \"x\"\ncommand = \"run\"", nil),
            ("0.9", "type = \"x\"\ncommand = [\"run\"]", "direct - -"),
            ("0.9", "type = \"x\"\ncommand = [\"run\"]\ndirect = true", nil),
            ("0.9", "type = \"a/b\"\ncommand = [\"run\"]", nil), ("0.9", "command = [\"run\"]", nil),
        ])
    func processes(api: String, keys: String, expected: String?) async throws {
        let script = "cat > $1/launch.toml <<'EOF'\n[[processes]]\n\(keys)\nEOF"
        guard let expected else {
            let error = try await failure(script, api: api)
            #expect(error?.code == .buildFailed)
            return
        }
        try await build(script, api: api) { _, result in
            let found = result.processes.map { process in
                [
                    process.isDirect ? "direct" : "shell", process.isDefault ? "default" : "-",
                    process.workingDirectory ?? "-",
                ].joined(separator: " ")
            }
            #expect(found == [expected])
        }
    }

    @Test(
        "H9, B0.7: bills of materials are of a known format, and declared; before API 0.7 they are ignored",
        arguments: [
            ("0.12", "layer.sbom.cdx.json", nil), ("0.12", "launch.sbom.spdx.json", "undeclared SBOM media type"),
            ("0.12", "build.sbom.xyz.json", "unsupported SBOM file format"), ("0.6", "build.sbom.xyz.json", nil),
            ("0.12", "notes.json", nil), ("0.12", "other.layer.sbom.cdx.json", nil),
        ])
    func bills(api: String, file: String, expected: String?) async throws {
        let table = "sbom-formats = [\"application/vnd.cyclonedx+json; version=1.4\"]"
        guard let expected else {
            try await build("echo '{}' > $1/\(file)", api: api, table: table)
            return
        }
        let error = try await failure("echo '{}' > $1/\(file)", api: api, table: table)
        #expect(error?.message.contains(expected) == true)
    }

    @Test("A14: what a buildpack does not write counts as empty")
    func nothing() async throws {
        try await build("true") { #expect($1 == BuildResult()) }
    }

    @Test("Output comes while the program runs")
    func streaming() async throws {
        try await withTemporaryFolder { folder in
            let buildpack = try ScriptedBuildpack("a", in: folder, build: "echo one; echo two >&2").open()
            let output = OutputTail()
            _ = try await BuildpackBench(folder).build(
                buildpack,
                reporter: BuildpackReporter { if case .output(let text, _) = $0 { output.add(text) } })
            #expect(output.text == "one\ntwo\n")
        }
    }
}
