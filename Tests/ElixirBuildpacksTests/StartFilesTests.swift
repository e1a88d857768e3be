import Diagnostics
import FoundationEssentials
import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("The scripts by which a release starts")
struct StartFilesTests {
    /// A release with further files of `bin`, in a project that has them as overlays.
    private func files(
        _ folder: FilePath, env: String = "export A=1\n", _ overlays: [(name: String, text: String, mode: UInt16)] = [],
        under overlayFolder: String = "rel/overlays"
    ) throws -> StartFiles {
        let sample = try SampleRelease(in: folder, script: env)
        let project = folder.appending("project")
        try project.appending("rel/env.sh.eex").write("#!/bin/sh\n" + env)
        for (name, text, mode) in overlays {
            try sample.directory.appending("bin/\(name)").write(text, mode: mode)
            try project.appending("\(overlayFolder)/bin/\(name)").write(text, mode: mode)
        }
        return StartFiles(
            release: try AssembledRelease(in: sample.directory, name: "my_app"), project: project,
            children: ["apps/web"])
    }

    private static let server = "#!/bin/sh\nexec ./my_app start\n"

    @Test("good ones pass, and the project's files are known by their names")
    func good() throws {
        try withTemporaryFolder { folder in
            let files = try files(
                folder, env: "# a note\r\nexport A=1\n",
                [("server", Self.server, 0o755), ("migrate", "#!/bin/sh -e\n", 0o755), ("seed", Self.server, 0o755)])
            try files.check()
            #expect(files.findings == [])
            #expect(
                files.sources == ["server": "rel/overlays/bin/server", "migrate": "rel/overlays/bin/migrate"])
        }
    }

    @Test(
        "a script of a process that cannot start is an error at the project's file, with the cure",
        arguments: [
            (server, 0o644, "it has no execute permission", "chmod +x rel/overlays/bin/server"),
            (
                server.replacing("\n", with: "\r\n"), 0o755, "has Windows line ends",
                "sed -i 's/\\r$//' rel/overlays/bin/server"
            ),
            ("#!/bin/sh\nexec ./my_app start\r\n", 0o755, "has Windows line ends", "sed -i"),
            ("\u{FEFF}#!/bin/sh\n", 0o755, "byte order mark", "remove the mark"),
            ("exec ./my_app start\n", 0o755, "does not say what runs it", "begin it with #!/bin/sh"),
            ("#!sh\n", 0o755, "does not say what runs it", "begin it with #!/bin/sh"),
        ] as [(String, UInt16, String, String)])
    func broken(text: String, mode: UInt16, message: String, advice: String) throws {
        for name in ["server", "migrate"] {
            try withTemporaryFolder { folder in
                let files = try files(folder, [(name, text, mode)])
                let error = try #require(throws: Failure.self) { try files.check() }
                #expect(error.code == .buildFailed)
                #expect(error.place == Place("rel/overlays/bin/\(name)", line: 1))
                #expect(error.message.hasPrefix("rel/overlays/bin/\(name) ") && error.message.contains(message))
                #expect(error.advice?.contains(advice.replacing("bin/server", with: "bin/\(name)")) == true, "\(error)")
            }
        }
    }

    @Test("a script that people call is warned about; what is no script is left alone")
    func others() throws {
        try withTemporaryFolder { folder in
            let files = try files(
                folder, [("seed", "#!/bin/sh\r\n", 0o755), ("notes", "read me\r\n", 0o644)],
                under: "apps/web/rel/overlays")
            try files.check()
            #expect(
                files.findings.map(\.text) == [
                    "apps/web/rel/overlays/bin/seed has Windows line ends (CRLF), so it does not start"
                ])
            #expect(files.findings.map(\.severity) == [.warning])
        }
    }

    @Test(
        "Windows line ends in env.sh are an error at the first line that the shell runs",
        arguments: [("# note\r\nexport A=1\r\n", 3), ("\r\n# note\r\n", 2), ("  # note\r\nexport A=1\n", nil)]
            as [(String, Int?)])
    func environment(env: String, line: Int?) throws {
        try withTemporaryFolder { folder in
            let files = try files(folder, env: env)
            guard let line else { return try files.check() }
            let error = try #require(throws: Failure.self) { try files.check() }
            #expect(error.place == Place("rel/env.sh.eex", line: line))
            #expect(error.advice?.hasPrefix("sed -i 's/\\r$//' rel/env.sh.eex") == true)
        }
    }

    @Test("what env.sh and vm.args settle is seen with Windows line ends too")
    func ownership() throws {
        try withTemporaryFolder { folder in
            let sample = try SampleRelease(in: folder)
            try sample.directory.appending("releases/0.1.0/vm.args").write(
                "## note\r\n-setcookie ours\r\n-sname me\r\n")
            let release = try AssembledRelease(in: sample.directory, name: "my_app")
            let ownership = ReleaseOwnership(of: release, mixFileSetsCookie: false)
            #expect(ownership.cookie && ownership.distribution)
        }
    }
}
