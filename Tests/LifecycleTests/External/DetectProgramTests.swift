import BuildpackAPI
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("bin/detect of external buildpacks")
struct DetectProgramTests {
    @Test("D1: it starts in the application, with the platform's folder and an empty plan file as arguments")
    func arguments() async throws {
        try await withTemporaryFolder { folder in
            let script = try ScriptedBuildpack(
                "a/b", api: "0.8", in: folder,
                detect: """
                    test "$(pwd)" = /workspace
                    test "$0" = /cnb/buildpacks/a_b/1.0.0/bin/detect
                    test "$1" = /platform && test -d "$1/env"
                    test -f "$2" && test ! -s "$2" && test "$#" = 2
                    test "$CNB_BUILD_PLAN_PATH" = "$2" && test "$CNB_PLATFORM_DIR" = "$1"
                    """)
            #expect(try await BuildpackBench(folder).detect(script.open()) == .pass(BuildPlan()))
        }
    }

    @Test("It has no network, which bin/build has")
    func network() async throws {
        let host = try #require(FilePath("/proc/self/ns/net").linkTarget)
        try await withTemporaryFolder { folder in
            let say = "readlink /proc/self/ns/net"
            let script = try ScriptedBuildpack(
                "a", in: folder, detect: "\(say); exit 100", build: "\(say) > /workspace/seen")
            let bench = try BuildpackBench(folder)
            guard case .fail(let reason) = try await bench.detect(script.open()) else {
                Issue.record("bin/detect does not say where it runs")
                return
            }
            #expect(reason.hasPrefix("net:[") && reason != host)
            _ = try await bench.build(script.open())
            #expect(try bench.app.appending("seen").readText() == host + "\n")
        }
    }

    @Test(
        "D2: 0 passes, 100 fails, anything else is an error",
        arguments: [(0, "pass"), (100, "fail"), (1, "error"), (99, "error"), (101, "error"), (127, "error")])
    func statuses(status: Int, expected: String) async throws {
        try await withTemporaryFolder { folder in
            let script = try ScriptedBuildpack("a", in: folder, detect: "echo says why; exit \(status)")
            let found: String
            do {
                switch try await BuildpackBench(folder).detect(script.open()) {
                case .pass: found = "pass"
                case .fail(let reason): found = reason == "says why" ? "fail" : reason
                }
            } catch let error as Failure {
                #expect(error.message == "a@1.0.0: bin/detect ended with status \(status)")
                found = error.code == .detectFailed ? "error" : "\(error)"
            }
            #expect(found == expected)
        }
    }

    @Test(
        "D2: a signal, a missing program, one that cannot run and a plan that is no TOML are errors",
        arguments: [
            ("kill -9 $$", "bin/detect ended with status 137"), ("echo '[[provides' > $2", "plan.toml:1:"),
            ("rm $2", "bin/detect removed the build plan file"), ("rm $2; mkfifo $2", "plan.toml is not a file"),
            ("ln -sf /etc/passwd $2", "plan.toml is a link"),
        ])
    func broken(script: String, expected: String) async throws {
        try await withTemporaryFolder { folder in
            let buildpack = try ScriptedBuildpack("a", in: folder, detect: script).open()
            let error = await #expect(throws: Failure.self) {
                try await BuildpackBench(folder).detect(buildpack)
            }
            #expect(error?.code == .detectFailed)
            #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        }
    }

    @Test("D2: a program that is missing or not executable is an error")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let script = try ScriptedBuildpack("a", in: folder)
            try script.folder.appending("bin/detect").setMode(0o644)
            let locked = await #expect(throws: Failure.self) {
                try await BuildpackBench(folder).detect(script.open())
            }
            #expect(locked?.message.contains("bin/detect ended with status 126") == true, "\(locked?.message ?? "")")
            try script.folder.appending("bin/detect").remove()
            let error = await #expect(throws: Failure.self) {
                try await BuildpackBench(folder).detect(script.open())
            }
            #expect(error?.message == "a@1.0.0: bin/detect is missing")
        }
    }

    @Test("D11: the plan has what it provides and requires, and its alternatives in order")
    func plan() async throws {
        try await withTemporaryFolder { folder in
            let buildpack = try ScriptedBuildpack(
                "a", in: folder,
                detect: """
                    cat > $2 <<'EOF'
                    [[provides]]
                    name = "x"
                    [[requires]]
                    Name = "y"
                    [requires.metadata]
                    build = true
                    date = 2024-01-02T03:04:05Z
                    list = [1, 2.5, "three"]
                    [[or]]
                    [[or.requires]]
                    name = "z"
                    EOF
                    """
            ).open()
            let metadata: [String: MetadataValue] = [
                "build": .boolean(true), "date": .string("2024-01-02T03:04:05Z"),
                "list": .array([.integer(1), .float(2.5), .string("three")]),
            ]
            let expected = BuildPlan(
                provides: ["x"], requires: [.init("y", metadata: metadata)],
                alternatives: [BuildPlan(requires: [.init("z")])])
            #expect(try await BuildpackBench(folder).detect(buildpack) == .pass(expected))
        }
    }

    @Test(
        "B0.2, B0.3, B0.11: a requirement's own version moves to its metadata, until it is an error",
        arguments: [
            ("0.2", "version = \"1\"", "1"), ("0.2", "version = \"1\"\nmetadata.version = \"1\"", "1"),
            ("0.2", "version = \"1\"\nmetadata.version = \"2\"", nil), ("0.3", "version = \"1\"", "1"),
            ("0.3", "version = \"1\"\nmetadata.version = \"1\"", nil), ("0.10", "version = \"1\"", "1"),
            ("0.11", "version = \"1\"", nil), ("0.12", "metadata.version = \"1\"", "1"),
        ])
    func versions(api: String, keys: String, expected: String?) async throws {
        try await withTemporaryFolder { folder in
            let buildpack = try ScriptedBuildpack(
                "a", api: api, in: folder, detect: "cat > $2 <<'EOF'\n[[requires]]\nname = \"x\"\n\(keys)\nEOF"
            ).open()
            let bench = try BuildpackBench(folder)
            guard let expected else {
                let error = await #expect(throws: Failure.self) { try await bench.detect(buildpack) }
                #expect(error?.message.contains("plan.toml:3:11: x") == true, "\(error?.message ?? "")")
                return
            }
            let plan = BuildPlan(requires: [.init("x", metadata: ["version": .string(expected)])])
            #expect(try await bench.detect(buildpack) == .pass(plan))
        }
    }
}
