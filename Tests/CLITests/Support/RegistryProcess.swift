import Glibc
import SystemPackage
import TestSupport

/// A docker-registry of its own on 127.0.0.1.
enum RegistryProcess {
    /// Runs `body` with a registry, by its `127.0.0.1:PORT`.
    static func run(in folder: FilePath, _ body: (_ host: String) async throws -> Void) async throws {
        let host = "127.0.0.1:\(Int.random(in: 20_000..<32_000))"
        let file = folder.appending("registry.yml")
        try file.write(
            """
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: "\(folder)/registry"}
            http: {addr: "\(host)"}

            """)
        let program = try RunningProgram(try findTool("docker-registry"), ["serve", file.string])
        do {
            let curl = try findTool("curl")
            try await eventually("the registry answers: \(program.errorOutput)", within: .seconds(30)) {
                try await TestSupport.run(curl, ["-sS", "-m", "2", "http://\(host)/v2/"]).status == 0
            }
            try await body(host)
        } catch {
            await stop(program)
            throw error
        }
        await stop(program)
    }

    private static func stop(_ program: RunningProgram) async {
        program.sendToGroup(SIGTERM)
        _ = try? await program.end(within: .seconds(20))
    }
}
