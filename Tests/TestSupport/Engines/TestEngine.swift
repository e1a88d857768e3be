import Glibc
public import SystemPackage

/// A real container engine for one test: Podman's Docker API on a socket, in namespaces and folders of its own.
///
/// Ports that containers publish meet no one else's, and nothing is left behind: its processes end with their process
/// namespace, its mounts with their mount namespace. Needs root.
public struct PodmanEngine: Sendable {
    /// The socket of the Docker API.
    public let socket: FilePath
    private let service: RunningProgram
    private let docker: FilePath

    /// Starts an engine, hands it to `body`, and ends it with all its containers.
    /// - Throws: `TestSupportError` when podman, docker or runc is not installed, or the engine does not answer.
    public static func run<Result>(_ body: (PodmanEngine) async throws -> Result) async throws -> Result {
        // Podman refuses long paths for its sockets.
        var template = Array("/tmp/mixpack-engine-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let folder = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
        defer { removeTree(folder) }
        let engine = try await PodmanEngine(in: folder)
        do {
            let result = try await body(engine)
            await engine.stop()
            return result
        } catch {
            await engine.stop()
            throw error
        }
    }

    private init(in folder: FilePath) async throws {
        docker = try findTool("docker", package: "docker.io")
        let podman = try findTool("podman")
        let runtime = folder.appending("runtime")
        try runtime.write(RuntimeScript.text(runc: try findTool("runc")), mode: 0o755)
        let start = folder.appending("start")
        try start.write(Self.startScript(podman: podman, folder: folder), mode: 0o755)
        socket = folder.appending("podman.sock")
        service = try RunningProgram(
            try findTool("unshare", package: "util-linux"),
            [
                "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                start.string,
            ], environment: ["XDG_RUNTIME_DIR": nil, "CONTAINER_HOST": nil, "DOCKER_HOST": nil])
        do {
            try await eventually("an answer of podman: \(service.errorOutput)", within: .seconds(30)) {
                try await version().status == 0
            }
        } catch {
            await stop()
            throw error
        }
    }

    private static func startScript(podman: FilePath, folder: FilePath) -> String {
        """
        #!/bin/sh
        ip link set lo up
        exec '\(podman)' --root '\(folder)/root' --runroot '\(folder)/run' --tmpdir '\(folder)/tmp' \\
            --cgroup-manager=cgroupfs --events-backend=file --runtime '\(folder)/runtime' \\
            system service --time=0 'unix://\(folder)/podman.sock'

        """
    }

    /// The value of `DOCKER_HOST` for this engine.
    public var host: String { "unix://\(socket)" }

    /// Runs the docker command line against it.
    public func docker(
        _ arguments: String..., input: String = "", within deadline: Duration = .seconds(120)
    ) async throws -> ProgramEnd {
        try await TestSupport.run(
            docker, arguments, environment: variables, input: input, within: deadline)
    }

    /// Starts the docker command line on a terminal.
    public func dockerOnTerminal(_ arguments: String...) throws -> PseudoTerminal {
        try PseudoTerminal(docker, arguments, environment: variables)
    }

    /// Asks over HTTP from where the engine's host would: `127.0.0.1` is the host of published ports.
    /// - Returns: the status code and the body.
    public func get(_ url: String) async throws -> (code: Int, body: String) {
        let answer = try await TestSupport.run(
            try findTool("nsenter", package: "util-linux"),
            [
                "--net=/proc/\(service.id)/ns/net", try findTool("curl").string, "-sS", "-m", "5", "-o", "-", "-w",
                "\n%{http_code}", url,
            ], within: .seconds(20))
        let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    private var variables: [String: String?] {
        ["DOCKER_HOST": host, "DOCKER_CONTEXT": nil, "DOCKER_CONFIG": "\(socket.removingLastComponent())/docker"]
    }

    private func version() async throws -> ProgramEnd {
        try await TestSupport.run(
            docker, ["version", "--format", "{{.Server.Version}}"], environment: variables, within: .seconds(10))
    }

    private func stop() async {
        // The containers first, so that their control groups go too.
        if let ids = try? await docker("ps", "-aq").lines, !ids.isEmpty {
            _ = try? await TestSupport.run(
                docker, ["rm", "-f", "-t", "0"] + ids, environment: variables, within: .seconds(30))
        }
        service.send(SIGKILL)
        _ = try? await service.end(within: .seconds(20))
    }
}
