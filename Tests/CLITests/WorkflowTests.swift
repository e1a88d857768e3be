import SystemPackage
import TestSupport
import Testing

/// mixpack in GitHub Actions: action.yml's scripts, and a build as a step.
@Suite(.serialized) struct WorkflowTests {
    @Test("a project's output and names issue no command; problems, groups, summary and outputs are there")
    func build() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["lib/hostile.ex"] = """
                    IO.puts("::error::pwned")
                    IO.puts("  ::add-path::/pwned\\n##[add-path]pwned\\r::warning::pwned")
                    defmodule Hostile do
                      def f(x), do: :"::notice::pwned"
                    end
                    """
                mini.files["lib/a,b::error file=pwned::c.ex"] = "defmodule Other do\n  def g(y), do: 1\nend\n"
            }
            let environment = [
                "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_WORKSPACE": bench.folder.string,
                "GITHUB_OUTPUT": bench.folder.appending("output").string,
                "GITHUB_STEP_SUMMARY": bench.folder.appending("summary").string,
            ]
            let report = bench.folder.appending("report.json")
            let end = try await bench.tryBuild(
                project, as: "mini", ["--report", report.string], environment: environment)
            #expect(end.status == 0, "\(end)")
            let commands = WorkflowRunner.commands(in: end.output) + WorkflowRunner.commands(in: end.errorOutput)
            #expect(commands.filter { $0.hasPrefix("::group::") }.count == 5, "\(commands)")
            #expect(commands.contains { $0.hasPrefix("::warning file=mini/lib/hostile.ex,line=4::") }, "\(commands)")
            #expect(!commands.contains { $0.contains("pwned") }, "\(commands)")
            let output = try bench.folder.appending("output").readText()
            #expect(output.contains("image=mini:latest\ndigest=sha256:"))
            #expect(try bench.folder.appending("summary").readText().contains("<code>mix-release&#58;release</code>"))
            #expect(try report.readText().contains("\"event\":\"build-finished\""))

            try project.appending("mix.exs").write("raise \"a\\n::error::pwned\"\n")
            let failed = try await bench.tryBuild(project, as: "mini", environment: environment)
            #expect(failed.status != 0)
            let last = WorkflowRunner.commands(in: failed.output + failed.errorOutput)
            #expect(last.contains { $0.hasPrefix("::error") } && !last.contains("::error::pwned"), "\(failed)")

            let misnamed = try await bench.mixpack.run(
                ["build", "mini", "--no-such\n::error::pwned"], environment: environment)
            let words = WorkflowRunner.commands(in: misnamed.errorOutput)
            #expect(misnamed.status == 3 && words.contains { $0.hasPrefix("::error") }, "\(misnamed)")
            #expect(!words.contains("::error::pwned"), "\(misnamed)")
        }
    }

    @Test("the action installs only what has the right SHA-256, and says what is wrong")
    func install() async throws {
        try await withTemporaryFolder { folder in
            let (release, name) = (folder.appending("release"), "mixpack-0.1.0-linux-x86_64")
            try folder.appending("\(name)/bin/mixpack").write("#!/bin/sh\necho 0.1.0\n", mode: 0o755)
            try release.makeFolder()
            let package = release.appending(name + ".tar.gz")
            _ = try await run("/usr/bin/tar", ["-C", folder.string, "-czf", package.string, name]).succeeded()
            let sum = try await run("/usr/bin/sha256sum", [package.string]).succeeded().output.prefix(64)
            func install(_ from: FilePath, sha256: String = "") async throws -> ProgramEnd {
                try await run(
                    "/bin/sh", [try script("action-install").string],
                    environment: [
                        "MIXPACK_FROM": from.string, "MIXPACK_SHA256": sha256, "RUNNER_TEMP": folder.string,
                        "GITHUB_PATH": folder.appending("path").string, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    ])
            }
            let unnamed = try await install(package)
            #expect(unnamed.status == 1 && unnamed.errorOutput.contains("SHA256SUMS"), "\(unnamed)")
            try release.appending("SHA256SUMS").write("0000  other.tar.gz\n")
            let other = try await install(package)
            #expect(other.errorOutput.contains("SHA256SUMS does not name \(name).tar.gz"), "\(other)")
            let wrong = try await install(package, sha256: "1234")
            #expect(wrong.status == 1 && wrong.errorOutput.contains("\(sum), not 1234"), "\(wrong)")
            #expect(!folder.appending("path").isThere)
            let missing = try await install(release.appending("none.tar.gz"))
            #expect(missing.status == 1 && missing.errorOutput.contains("there is no "), "\(missing)")

            try release.appending("SHA256SUMS").write("\(sum)  \(name).tar.gz\n")
            let end = try await install(package).succeeded()
            #expect(end.lines == ["mixpack 0.1.0 is installed"])
            let path = try #require(try folder.appending("path").readText().split(separator: "\n").first)
            #expect(FilePath(String(path)).appending("mixpack").isThere)
        }
    }

    @Test("the action hands options on as they are")
    func options() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("mixpack").write("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", mode: 0o755)
            func words(_ variables: [String: String]) async throws -> [String] {
                let base = ["PATH": "\(folder):/usr/bin:/bin", "MIXPACK_IMAGE": "ghcr.io/a/b"]
                return try await run(
                    "/bin/sh", [try script("action-build").string], environment: base.merging(variables) { $1 }
                ).succeeded().lines
            }
            #expect(try await words([:]) == ["build", "ghcr.io/a/b", "--path", "."])
            let options = "-e\nA=$(touch pwned) *\n\n--label\nx=`id`; \"y\""
            #expect(
                try await words(["MIXPACK_PROJECT": "a b", "MIXPACK_PUBLISH": "true", "MIXPACK_OPTIONS": options])
                    == ["build", "ghcr.io/a/b", "--path", "a b", "--publish"]
                    + ["-e", "A=$(touch pwned) *", "--label", "x=`id`; \"y\""])
        }
    }

    private func script(_ name: String) throws -> FilePath { try repositoryFolder().appending(".ci/\(name)") }
}
