import Commands
import Diagnostics
import MixInspection
import SystemPackage
import TestSupport
import Testing

@Suite("mix.exs that cannot be evaluated")
struct BrokenProjectTests {
    private func failure(_ name: String, timeoutSeconds: Int = 20) async throws -> Failure {
        try await #require(throws: Failure.self) {
            try await Inspecting.inspect(fixture(name), timeoutSeconds: timeoutSeconds)
        }
    }

    @Test(
        "the place and one line are shown, no stack",
        arguments: [
            ("syntax_error", "mix.exs", 6, "missing terminator"),
            ("raising", "mix.exs", 18, "there is no file VERSION"),
            ("compile_error", "mix.exs", 7, "undefined function"), ("throwing", "mix.exs", 7, "threw :ball"),
            ("exiting", "mix.exs", 7, "exited with :done"),
            ("no_program", "mix.exs", 8, "mix.exs starts no-such-program, which this system does not have"),
            ("broken_child", "apps/bad/mix.exs", 5, "}"),
        ])
    func broken(name: String, file: String, line: Int, text: String) async throws {
        let error = try await failure(name)
        #expect(error.code == .brokenMixFile)
        #expect(error.place?.file == file)
        #expect(error.place?.line == line)
        #expect(error.message.contains(text), "\(error.message)")
        #expect(!error.message.contains("\n"))
        #expect(!error.message.contains("(elixir "))
    }

    @Test("a mix.exs that waits for ever is stopped, and where it waits is told")
    func sleeping() async throws {
        let error = try await failure("sleeping", timeoutSeconds: 2)
        #expect(error.message == "mix.exs did not finish within 2 seconds")
        #expect(error.place?.line == 18)
    }

    @Test("a mix.exs that stops the VM is told from one that works")
    func halting() async throws {
        let error = try await failure("halting")
        #expect(error.code == .brokenMixFile)
        #expect(error.message.contains("status 3"))
    }

    @Test("a script named mix.exs is no mix project")
    func script() async throws {
        let error = try await failure("no_project")
        #expect(error.code == .notMixProject)
    }

    @Test("no VM is started where there is no mix.exs")
    func nothing() async throws {
        let runner = CountingRunner()
        try await withTemporaryFolder { folder in
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"), runner: runner)
            let error = await #expect(throws: Failure.self) { try await inspector.inspectInTurn(folder) }
            #expect(error?.message.contains("is not a mix project") == true, "\(error?.message ?? "")")
        }
        #expect(runner.count == 0)
    }

    @Test("a failure is not kept: once mix.exs is mended, it is read")
    func mended() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("app")
            try fixture("syntax_error").copy(to: project)
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
            let error = await #expect(throws: Failure.self) { try await inspector.inspectInTurn(project) }
            #expect(error?.message.contains("is missing terminator") == true, "\(error?.message ?? "")")
            try fixture("several").appending("mix.exs").readText().write(project.appending("mix.exs"))
            #expect(try await inspector.inspectInTurn(project).app == "several")
        }
    }

    @Test("cancelling ends the VM")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let inspector = try Inspecting.inspector(cache: folder.appending("cache"))
            let task = Task { try await inspector.inspectInTurn(fixture("sleeping")) }
            try await eventually("the VM") { try !ProcessScan.processes(under: folder).isEmpty }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the VM's end") { try ProcessScan.processes(under: folder).isEmpty }
        }
    }
}

extension String {
    fileprivate func write(_ path: FilePath) throws { try path.write(self) }
}
