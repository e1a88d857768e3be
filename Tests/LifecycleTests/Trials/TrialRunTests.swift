import BuildpackAPI
import Commands
import Diagnostics
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Trying the application before the image gets its name")
struct TrialRunTests {
    /// Counts the programs that are run.
    private final class CountingRunner: CommandRunner {
        let count = Mutex(0)
        let runner: any CommandRunner

        init(_ runner: any CommandRunner) { self.runner = runner }

        func run(
            _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
        ) async throws -> Termination {
            count.withLock { $0 += 1 }
            return try await runner.run(command, onOutput: onOutput)
        }

        func sandboxStatus() async -> SandboxStatus { await runner.sandboxStatus() }
    }

    /// A run image that has a shell and what that needs, and nothing else.
    private static func shell(
        in store: ImageStore, for architecture: String = BuildTarget.current.architecture
    ) async throws -> PlatformServices.RunImage {
        let words = try await run("/usr/bin/ldd", ["/bin/sh"]).succeeded().output.split { " \t\n".contains($0) }
        let files = Set(words.filter { $0.hasPrefix("/") }.map(String.init)).union(["/bin/sh"]).sorted()
        let transaction = try store.begin()
        let layer = try await transaction.addLayer(
            LayerContents(files.map { .copy(FilePath($0), path: $0, mode: 0o755, owner: .root) }), expecting: nil)
        var builder = ImageBuilder()
        builder.append(layer.layer, createdBy: "test")
        builder.configuration.config.environment = ["FROM_RUN_IMAGE=yes"]
        builder.configuration.architecture = architecture
        let image = try builder.image()
        try await transaction.commit(image, as: [Reference("shell")])
        return PlatformServices.RunImage(place: .store(try Reference("shell")), image: image)
    }

    /// A buildpack whose layer holds a script, with this trial of it.
    private static func buildpack(
        _ script: String, _ occasion: Trial.Occasion, seconds: Int = 10, inMemory: Bool = false
    ) -> StaticBuildpack {
        var buildpack = StaticBuildpack("tried")
        buildpack.knownDependencies = nil
        buildpack.explanation = { failure in
            failure.output.contains("no key") ? Diagnostic(.error, "the key is missing", file: "config", line: 3) : nil
        }
        buildpack.make = { context in
            let layers = inMemory ? try #require(context.launchMemory) : context.layersDirectory
            try layers.appending("code/run.sh").write(script)
            var layer = LayerContribution("code", types: .launch)
            if inMemory { layer.folder = layers.appending("code") }
            var result = BuildResult(
                layers: [layer], imageEnvironment: ["FROM_BUILDPACK": "yes"])
            result.trials = [
                Trial(
                    "run", occasion, command: ["/bin/sh", "/layers/tried/code/run.sh"], environment: ["OWN": "yes"],
                    madeUp: ["OWN"], seconds: seconds, files: ["code/run.sh"])
            ]
            return result
        }
        return buildpack
    }

    private static func build(
        _ buildpack: StaticBuildpack, _ bench: TestBench, runner: (any CommandRunner)? = nil,
        starting: StartTrial = .required, for architecture: String = BuildTarget.current.architecture,
        by emulator: ProgramEmulator? = nil
    ) async throws -> [LifecycleEvent] {
        var services = bench.services()
        services.runner = runner ?? services.runner
        services.trusts = { _ in true }
        let image = try await shell(in: bench.store, for: architecture)
        if let emulator { services.emulator = { _ in emulator } }
        services.runImage = { _, _ in image }
        var request = BuildRequest(image: try Reference("app"), project: bench.project)
        request.startTrial = starting
        let store = BuildpackStore([buildpack], order: [[BuildpackReference(id: "tried")]])
        let build = Creator(buildpacks: store, services: services).create(request)
        var events: [LifecycleEvent] = []
        for await event in build.events { events.append(event) }
        await build.end()
        return events
    }

    @Test(
        "It runs on the run image's files alone, with the container's variables, without network, and cannot write",
        arguments: [false, true])
    func view(inMemory: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = """
                echo "variables $FROM_RUN_IMAGE $FROM_BUILDPACK $OWN in $PWD"
                [ -e /usr/bin/env ] && echo "the machine's files"
                (: >/layers/tried/code/new) 2>/dev/null && echo "a layer was written"
                (: >/new) 2>/dev/null && echo "the root was written"
                : >/tmp/new && echo "temporary files work"
                while read -r line; do echo "network: $line"; done </proc/net/dev
                """
            let events = try await Self.build(Self.buildpack(script, .asked, inMemory: inMemory), bench)
            #expect(events.report != nil, "\(events.text)")
            #expect(events.text.contains("variables yes yes yes in /workspace"))
            #expect(events.text.contains("temporary files work"))
            #expect(events.text.contains("with made-up values for OWN"))
            for wrong in ["the machine's files", "was written", "network: eth", "network: en"] {
                #expect(!events.text.contains(wrong))
            }
        }
    }

    @Test("A start that fails ends the build with what failed and why; the image before keeps its name")
    func fails() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            #expect(try await Self.build(Self.buildpack("exit 0", .asked), bench).report != nil)
            let before = try bench.store.image(for: Reference("app"))?.digest
            let events = try await Self.build(Self.buildpack("echo no key; exit 7", .asked), bench)
            let failure = try #require(events.failure)
            #expect(failure.message == "on the run image, run ended with status 7: the key is missing")
            #expect(failure.exitCode == 62)
            #expect(failure.phase == .export)
            #expect(failure.file == "config")
            #expect(failure.line == 3)
            #expect(events.text.contains("no key"))
            #expect(try bench.store.image(for: Reference("app"))?.digest == before)
        }
    }

    @Test("A start that takes too long is ended and told")
    func slow() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await Self.build(Self.buildpack("while :; do :; done", .asked, seconds: 1), bench)
            #expect(events.failure?.message == "on the run image, run did not finish within 1 s")
        }
    }

    @Test("Nothing is started unless it was asked for, and what was built is started when it is")
    func unasked() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = Self.buildpack("exit 7", .asked)
            buildpack.knownDependencies = [:]
            #expect(try await Self.build(buildpack, bench, starting: .no).report != nil)
            #expect(try await Self.build(buildpack, bench, starting: .no).report?.isUnchanged == true)
            #expect(try await Self.build(buildpack, bench).failure != nil)
            var good = Self.buildpack("exit 0", .asked)
            good.knownDependencies = ["script": "good"]
            #expect(try await Self.build(good, bench).report?.isUnchanged == false)
            #expect(try await Self.build(good, bench).report?.isUnchanged == true)
        }
    }

    @Test("A quick trial is run again only when what it depends on changes; a failure ends the build")
    func quick() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let runner = CountingRunner(bench.runner)
            for (script, count) in [("exit 0", 1), ("exit 0", 1), ("true", 2)] {
                let events = try await Self.build(
                    Self.buildpack(script, .always), bench, runner: runner, starting: .no)
                #expect(events.report != nil)
                #expect(runner.count.withLock { $0 } == count)
            }
            let before = try bench.store.image(for: Reference("app"))?.digest
            for script in ["echo no key; exit 7", "exit 8"] {
                let failure = try await Self.build(Self.buildpack(script, .always), bench, starting: .no).failure
                #expect(failure?.exitCode == 62)
                #expect(failure?.message.hasPrefix("on the run image, run ended with status ") == true)
            }
            #expect(try bench.store.image(for: Reference("app"))?.digest == before)
        }
    }

    @Test("A quick trial that lacks what a container may have is a warning, each time again")
    func lacking() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var offline = Self.buildpack("echo no network; exit 6", .always)
            offline.explanation = { _ in Diagnostic(.warning, "the trial has no network") }
            let slow = Self.buildpack("while :; do :; done", .always, seconds: 1)
            let texts = [
                "on the run image, run ended with status 6: the trial has no network",
                "on the run image, run did not finish within 1 s",
            ]
            for (buildpack, text) in zip([offline, slow], texts) {
                for _ in 1...2 {
                    let events = try await Self.build(buildpack, bench, starting: .no)
                    #expect(events.report != nil && events.text.contains(text), "\(events.text)")
                }
            }
            #expect(try await Self.build(offline, bench, starting: .required).failure?.exitCode == 62)
        }
    }

    private static let bare = SubprocessCommandRunner(probe: SandboxProbe(program: "/nowhere/bwrap"))

    @Test("Without a sandbox the image is built, and that it was not tried is the end of a failed check")
    func notTried() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = Self.buildpack("exit 7", .asked)
            buildpack.knownDependencies = [:]
            for _ in 1...2 {
                let events = try await Self.build(buildpack, bench, runner: Self.bare)
                let report = try #require(events.report, "\(events.text)")
                #expect(report.exitCode == 1)
                #expect(report.notTried?.severity == .error)
                #expect(report.notTried?.text.hasPrefix("no sandbox: ") == true)
                #expect(report.notTried?.advice?.contains("--try-start=if-possible") == true)
                #expect(events.text.contains("the release was not started: no sandbox: "))
            }
            #expect(try bench.store.image(for: Reference("app")) != nil)
            #expect(try await Self.build(buildpack, bench).failure?.exitCode == 62, "with a sandbox it is tried")
        }
    }

    @Test("Where the kernel starts no emulator, the image for another processor is not tried; it is not at fault")
    func emulatorThatDoesNotStart() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let emulator = ProgramEmulator("/nowhere/qemu", machine: 243)
            let events = try await Self.build(
                Self.buildpack("exit 0", .asked), bench, starting: .emulated, for: "riscv64", by: emulator)
            let report = try #require(events.report, "\(events.text)")
            #expect(report.exitCode == 1)
            #expect(report.notTried?.text == "/nowhere/qemu starts no program of linux/riscv64 in the sandbox")
            #expect(report.notTried?.advice?.contains("binfmt_misc") == true)
        }
    }

    @Test("With if-possible a start that cannot be tried is a warning, and nothing is said if none was asked for")
    func ifPossible() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = Self.buildpack("exit 7", .asked)
            let report = try await Self.build(buildpack, bench, runner: Self.bare, starting: .ifPossible).report
            #expect(report?.exitCode == 0)
            #expect(report?.notTried?.severity == .warning)
            let unasked = try await Self.build(buildpack, bench, runner: Self.bare, starting: .no).report
            #expect(unasked?.exitCode == 0 && unasked?.notTried == nil)
            #expect(try await Self.build(buildpack, bench, starting: .ifPossible).failure != nil)
        }
    }

    @Test("A start that no buildpack knows how to try is not tried either; quick trials still run")
    func unknown() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let runner = CountingRunner(bench.runner)
            let report = try await Self.build(Self.buildpack("exit 0", .always), bench, runner: runner).report
            #expect(report?.exitCode == 1)
            #expect(report?.notTried?.text == "no buildpack says how to try it")
            #expect(runner.count.withLock { $0 } == 1)
        }
    }
}
