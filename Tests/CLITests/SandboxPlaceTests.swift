import Glibc
import SystemPackage
import TestSupport
import Testing

/// The whole program where the sandbox works and where it does not.
@Suite(.serialized) struct SandboxPlaceTests {
    /// Runs mixpack by another program, such as setpriv.
    private func run(_ bench: Workbench, by words: [String], _ arguments: [String]) async throws -> ProgramEnd {
        let first = try #require(words.first)
        return try await TestSupport.run(
            try findTool(first, package: "util-linux"),
            words.dropFirst() + [bench.mixpack.executable.string] + arguments,
            environment: bench.mixpack.environment, workingDirectory: bench.folder, within: .seconds(180))
    }

    private func arguments(_ project: FilePath, _ layout: FilePath) -> [String] {
        ["build", "hello", "--path", project.string, "--output", "oci:\(layout):hello"]
    }

    /// Writes a buildpack that makes a layer of a variable that is given.
    private func foreign(in folder: FilePath, test: String) throws -> FilePath {
        let foreign = folder.appending("foreign")
        try foreign.appending("buildpack.toml").write(
            "api = \"0.12\"\n[buildpack]\nid = \"test/foreign\"\nversion = \"1.0.0\"\n")
        try foreign.appending("bin/detect").write("#!/bin/sh\n", mode: 0o755)
        try foreign.appending("bin/build").write(
            """
            #!/bin/sh
            \(test) && mkdir "$1/l" && cat "$2/env/GIVEN" > "$1/l/file" || exit 1
            printf '[types]\\nlaunch = true\\n' > "$1/l.toml"
            """, mode: 0o755)
        return foreign
    }

    @Test("root and an ordinary user with a home of its own build the same image, in the sandbox")
    func ordinaryUser() async throws {
        try await Workbench.run { bench in
            try await Workbench.run { other in
                let layout = try await TinyImage.layout(in: other.folder)
                let words = ["--run-image", "oci:\(layout):tiny", "-e", "GIVEN=given", "-b"]
                let test = "test \"$(ls -A /home)\" = cnb"
                for place in [bench, other] { try place.folder.appending("app/data").write("x") }
                let own = try await bench.build(
                    bench.folder.appending("app"), as: "hello",
                    words + [try foreign(in: bench.folder, test: test).string])
                let given = try foreign(in: other.folder, test: test)
                _ = try await TestSupport.run("/bin/chown", ["-R", "65534:65534", other.folder.string]).succeeded()
                let user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
                let place = other.folder.appending("out")
                let end = try await run(
                    other, by: user, arguments(other.folder.appending("app"), place) + words + [given.string]
                ).succeeded()
                #expect(!end.output.contains("no sandbox"), "\(end)")
                #expect(try ImageFacts(layout: place, tag: "hello").digest == own.digest)
                let doctor = try await run(other, by: user, ["doctor"])
                #expect(doctor.output.contains("bubblewrap works"), "\(doctor)")
                // A file that the user cannot read, such as one that a container left, is no reason to fail.
                let mix = try other.mini("mix")
                _ = try await TestSupport.run("/bin/chown", ["-R", "65534:65534", other.folder.string]).succeeded()
                try mix.appending("dump.sql").write("x", mode: 0o600)
                _ = try await run(other, by: user, ["detect", "--path", mix.string]).succeeded()
            }
        }
    }

    @Test("an ordinary user builds a mix project in the sandbox, to the digest that root gets")
    func ordinaryUsersMix() async throws {
        try await Workbench.run { bench in
            try await Workbench.run { other in
                let own = try await bench.build(try bench.sample(.hello), as: "hello")
                let project = try other.sample(.hello)
                _ = try await TestSupport.run("/bin/chown", ["-R", "65534:65534", other.folder.string]).succeeded()
                let user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
                let place = other.folder.appending("out")
                _ = try await run(other, by: user, arguments(project, place)).succeeded()
                #expect(try ImageFacts(layout: place, tag: "hello").digest == own.digest)
            }
        }
    }

    @Test(
        "without bubblewrap, and where the kernel refuses it, that is said with the cure, and the report says what it means",
        arguments: [
            (
                ["unshare", "-m", "sh", "-c", "mount --bind /dev/null /usr/bin/bwrap && exec \"$@\"", "sh"],
                "bubblewrap is not installed", "sudo apt-get install"
            ),
            (
                [
                    "unshare", "-Ur", "sh", "-c",
                    "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all --inh-caps -all -- \"$@\"",
                    "sh",
                ], "user.max_user_namespaces=0", "sudo sysctl -w user.max_user_namespaces="
            ),
        ] as [([String], String, String)])
    func without(words: [String], reason: String, cure: String) async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let layout = bench.folder.appending("layout")
            let foreign = try foreign(in: bench.folder, test: "test -f mix.exs")
            let end = try await run(
                bench, by: words,
                arguments(project, layout)
                    + ["-b", foreign.string, "-b", "from=builder", "-e", "GIVEN=given", "--trust-project"]
            ).succeeded()
            #expect(end.output.contains(reason), "\(end)")
            #expect(end.output.contains(cure), "\(end)")
            let report = end.output.split(separator: "\n").suffix(30).joined(separator: "\n")
            #expect(
                report.contains("no sandbox: the digest may depend on the folders of the project and the cache"),
                "\(end)")
            let image = try ImageFacts(layout: layout, tag: "hello")
            #expect(try await image.problems() == [])
            #expect(try await image.paths().contains { $0.hasSuffix("/l/file") })
            let doctor = try await run(bench, by: words, ["doctor"])
            #expect(doctor.output.contains(reason), "\(doctor)")
        }
    }
}
