import BuildpackAPI
import Commands
import Files
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The variables of external buildpacks")
struct ExternalEnvironmentTests {
    /// The variables that bin/detect or bin/build sees, by name.
    private func seen(
        api: String = "0.12", table: String = "", isBuild: Bool = false,
        _ change: (inout BuildpackBench) throws -> Void = { _ in }
    ) async throws -> [String: String] {
        try await withTemporaryFolder { folder in
            var bench = try BuildpackBench(folder)
            try change(&bench)
            let script = "env -0 > /workspace/seen; ls /platform/env > /workspace/files"
            let detect = "env -0 | base64 -w0; echo; exit 100"
            let buildpack = try ScriptedBuildpack(
                "my/bp", api: api, in: folder, table: table, detect: detect, build: script
            ).open()
            if isBuild {
                _ = try await bench.build(buildpack)
                return Self.variables(try bench.app.appending("seen").readText())
            }
            guard case .fail(let reason) = try await bench.detect(buildpack) else { return [:] }
            let bytes = try #require(Data(base64Encoded: reason))
            return Self.variables(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func variables(_ text: String) -> [String: String] {
        let pairs = text.split(separator: "\0").map { entry in
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    @Test("C1: the machine's variables are those of an allow-list, whatever else there is")
    func allowList() {
        let machine = [
            "PATH": "/bin", "HTTPS_PROXY": "http://a=b", "CPATH": "/i", "NOT_INCLUDED": "x", "USER": "me", "TERM": "t",
            "CNB_PLATFORM_API": "0.15", "CNB_REGISTRY_AUTH": "{}", "MIX_HOME": "/m", "HEX_API_KEY": "k",
            "SSH_AUTH_SOCK": "/s",
        ]
        #expect(MachineEnvironment.specified(machine) == ["HTTPS_PROXY": "http://a=b"])
    }

    @Test(
        "C1: a build gives buildpacks of others the system's PATH and the run image's stack, and keeps its mark",
        arguments: [(nil, "io.github.carlo-colombo.elixir-builder"), ("my.stack", "my.stack")])
    func build(label: String?, stack: String) async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            bench.runImageLabels = label.map { ["io.buildpacks.stack.id": $0] } ?? [:]
            bench.environment = ["PATH": "/own:/usr/bin:/bin", "CPATH": "/own", "CNB_STACK_ID": "machine"]
            let seen = "env | grep -E '^(PATH|CPATH|CNB_STACK_ID|CNB_EXEC_ENV|MIXPACK_.*)=' | sort"
            let buildpack = try ScriptedBuildpack(
                "a", in: folder, detect: "\(seen)",
                build: "mkdir -p $1/l/bin; printf '[types]\nbuild = true\n' > $1/l.toml"
            ).open()
            let next = try ScriptedBuildpack("b", in: folder, build: seen).open()
            let events = try await bench.build([buildpack, next]) { $0.debug = "1" }
            #expect(events.report != nil, "\(events.text)")
            let output = events.compactMap { event in
                if case .output(let output) = event.kind { output.text } else { nil }
            }.joined()
            let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            let common = "CNB_EXEC_ENV=production\nCNB_STACK_ID=\(stack)\n"
            #expect(output.contains("\(common)PATH=\(path)\n"), "\(output)")
            #expect(output.contains("\(common)PATH=/layers/a/l/bin:\(path)\n"), "\(output)")
            #expect(!output.contains("MIXPACK_") && !output.contains("CPATH"), "\(output)")
        }
    }

    @Test("C1, E10: neither mixpack's own variables nor the user's home folder reach a buildpack")
    func home() async throws {
        let variables = try await seen { $0.base["HOME"] = "/root" }
        #expect(variables["HOME"] == "/home/cnb")
        #expect(!variables.keys.contains { $0.hasPrefix("MIXPACK_") })
    }

    @Test(
        "C3: the user's variables replace, but stand in front of paths; names are taken as they are",
        arguments: [false, true])
    func platform(isBuild: Bool) async throws {
        let variables = try await seen(isBuild: isBuild) { bench in
            bench.variables = [
                "PATH": "/mine", "CPATH": "/only", "PLAIN": "a\n", "HTTP_PROXY": "new", "FOO.append": "x",
                "QUOTES": "it's \"$HOME\" `x`\\",
            ]
            bench.base["HTTP_PROXY"] = "old"
        }
        #expect(variables["PATH"] == "/mine:/usr/bin:/bin")
        #expect(variables["CPATH"] == "/only")
        #expect(variables["PLAIN"] == "a\n")
        #expect(variables["HTTP_PROXY"] == "new")
        #expect(variables["FOO.append"] == "x")
        #expect(variables["QUOTES"] == "it's \"$HOME\" `x`\\")
    }

    @Test("C3: the user's variables stand in the platform's folder as files, byte for byte, for everyone")
    func files() async throws {
        try await withTemporaryFolder { folder in
            var bench = try BuildpackBench(folder)
            bench.variables = ["A": "one\n", "B.c": "", "a/b": "no file"]
            let script = """
                test "$(ls /platform/env | tr '\\n' ' ')" = "A B.c "
                printf 'one\\n' | cmp - /platform/env/A && test ! -s /platform/env/B.c
                test -z "${A+x}"
                """
            let buildpack = try ScriptedBuildpack("a", in: folder, table: "clear-env = true", detect: script).open()
            #expect(try await bench.detect(buildpack) == .pass(BuildPlan()))
        }
    }

    @Test("C4: clear-env keeps the user's variables out, in detect and in build", arguments: [false, true])
    func cleared(isBuild: Bool) async throws {
        let variables = try await seen(table: "clear-env = true", isBuild: isBuild) { $0.variables = ["PLAIN": "a"] }
        #expect(variables["PLAIN"] == nil)
        #expect(variables["CNB_BUILDPACK_DIR"] == "/cnb/buildpacks/my_bp/1.0.0")
        #expect(variables["PATH"] == "/usr/bin:/bin")
    }

    @Test(
        "C12, B0.3, B0.8, B0.10, B0.12: which CNB variables are set depends on the API; the user's do not count",
        arguments: [
            ("0.2", false, ["BUILDPACK_DIR"]), ("0.7", true, ["BUILDPACK_DIR"]),
            ("0.8", false, ["BUILDPACK_DIR", "BUILD_PLAN_PATH", "PLATFORM_DIR"]),
            ("0.8", true, ["BP_PLAN_PATH", "BUILDPACK_DIR", "LAYERS_DIR", "PLATFORM_DIR"]),
            (
                "0.10", true,
                [
                    "BP_PLAN_PATH", "BUILDPACK_DIR", "LAYERS_DIR", "PLATFORM_DIR", "TARGET_ARCH", "TARGET_DISTRO_NAME",
                    "TARGET_OS",
                ]
            ),
            (
                "0.12", true,
                [
                    "BP_PLAN_PATH", "BUILDPACK_DIR", "EXEC_ENV", "LAYERS_DIR", "PLATFORM_DIR", "TARGET_ARCH",
                    "TARGET_DISTRO_NAME", "TARGET_OS",
                ]
            ),
        ])
    func specified(api: String, isBuild: Bool, expected: [String]) async throws {
        let variables = try await seen(api: api, isBuild: isBuild) { bench in
            bench.target.distributionName = "debian"
            bench.variables = ["CNB_BUILDPACK_DIR": "/wrong"]
        }
        let names = variables.keys.filter { $0.hasPrefix("CNB_") }.sorted().map { String($0.dropFirst(4)) }
        #expect(names == expected)
        #expect(variables["CNB_BUILDPACK_DIR"] == "/cnb/buildpacks/my_bp/1.0.0")
        let values = ["CNB_TARGET_OS": "linux", "CNB_TARGET_ARCH": "amd64", "CNB_LAYERS_DIR": "/layers/my_bp"]
        for (name, value) in values where variables[name] != nil { #expect(variables[name] == value) }
    }

    @Test(
        "C13, E4: what the run image does not say of its distribution is the machine's own",
        arguments: [
            ([:], "ubuntu", "22.04"), (["io.buildpacks.base.distro.name": "alpine"], "alpine", nil),
            (
                ["io.buildpacks.base.distro.name": "debian", "io.buildpacks.base.distro.version": "12"], "debian",
                "12"
            ),
        ] as [([String: String], String, String?)])
    func target(labels: [String: String], name: String, version: String?) throws {
        try withTemporaryFolder { folder in
            let release = folder.appending("os-release")
            try release.write("NAME=\"Ubuntu\"\nID= 'ubuntu' \nVERSION_ID=\"22.04\"\n")
            let target = BuildTarget(runImage: try SampleRunImage.image(labels: labels), machine: release)
            #expect(target.os == "linux")
            #expect(target.architecture == BuildTarget.current.architecture)
            #expect(target.distributionName == name)
            #expect(target.distributionVersion == version)
        }
    }

    @Test("The network is there for a build, not to detect; the machine's home folders are not there at all")
    func sandbox() async throws {
        try await withTemporaryFolder { folder in
            let network = try #require(FilePath("/proc/self/ns/net").linkTarget)
            let home = "test \"$(ls -A /home)\" = cnb && test ! -e /root && touch ~/x"
            let buildpack = try ScriptedBuildpack(
                "a", in: folder, detect: "test \"$(readlink /proc/self/ns/net)\" != '\(network)' && \(home)",
                build: "test \"$(readlink /proc/self/ns/net)\" = '\(network)' && \(home)"
            ).open()
            let bench = try BuildpackBench(folder)
            #expect(try await bench.detect(buildpack) == .pass(BuildPlan()))
            #expect(try await bench.build(buildpack) == BuildResult())
        }
    }

    @Test("A folder of the machine is seen where --volume says, and written to only if that says so")
    func volumes() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            try data.appending("x").write("x")
            let script = "test -f /mnt/ro/x && touch /mnt/rw/new && ! touch /mnt/ro/new"
            let buildpack = try ScriptedBuildpack("a", in: folder, detect: script).open()
            let bench = try BuildpackBench(folder)
            let context = DetectContext(
                applicationDirectory: bench.app, platformVariables: [:], environment: bench.base,
                cacheDirectory: folder.appending("cache"),
                volumes: [
                    Volume(data, at: "/mnt/ro", isWritable: false), Volume(data, at: "/mnt/rw", isWritable: true),
                ], reporter: .silent)
            #expect(try await buildpack.detect(context) == .pass(BuildPlan()))
            #expect(try data.names() == ["new", "x"])
        }
    }
}
