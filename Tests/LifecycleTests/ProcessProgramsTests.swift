import BuildpackAPI
import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The programs that start processes")
struct ProcessProgramsTests {
    private func buildpack(_ command: String, isDirect: Bool = true, _ text: String, mode: UInt16) -> StaticBuildpack {
        var buildpack = StaticBuildpack("own")
        buildpack.make = { context in
            try context.layersDirectory.appending("code/bin/run").write(text, mode: mode)
            var result = BuildResult(
                layers: [LayerContribution("code", types: .launch)],
                processes: [ProcessType("web", command: [command], isDirect: isDirect, isDefault: true)])
            result.sources = ["/layers/own/code/bin/run": "rel/run"]
            return result
        }
        return buildpack
    }

    @Test(
        "one that the kernel cannot start ends the build with the project's file and what to do",
        arguments: [
            ("#!/bin/sh\n", 0o644, "rel/run has no execute permission", "chmod +x rel/run"),
            ("#!/bin/sh\r\n", 0o755, "rel/run has Windows line ends (CRLF)", "sed -i 's/\\r$//' rel/run"),
            ("exec true\n", 0o755, "rel/run does not say what runs it", "begin it with #!/bin/sh"),
            ("#!sh\n", 0o755, "rel/run does not say what runs it by a path", "begin it with #!/bin/sh"),
        ] as [(String, UInt16, String, String)])
    func broken(text: String, mode: UInt16, message: String, advice: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([buildpack("/layers/own/code/bin/run", text, mode: mode)])
            let failure = try #require(events.failure)
            #expect(failure.message == "the process web cannot start: \(message)")
            #expect(failure.advice == advice)
            #expect(failure.exitCode == 62 && failure.file == "rel/run")
            #expect(try bench.store.image(for: Reference("app")) == nil)
        }
    }

    @Test("one that is not there is named by its path")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([buildpack("/layers/own/code/bin/other", "#!/bin/sh\n", mode: 0o755)])
            #expect(
                events.failure?.message
                    == "the process web cannot start: /layers/own/code/bin/other is not in the image")
        }
    }

    @Test(
        "good ones, those of a shell and those of the run image pass",
        arguments: [("/layers/own/code/bin/run", true), ("/bin/other", true), ("run", true), ("run; true", false)])
    func good(command: String, isDirect: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([
                buildpack(command, isDirect: isDirect, "#!/bin/sh -e\n", mode: 0o755)
            ])
            #expect(events.failure == nil && events.report != nil)
        }
    }
}
