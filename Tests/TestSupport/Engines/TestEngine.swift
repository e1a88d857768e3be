import Glibc
public import SystemPackage

/// A real container engine for one test, on a socket, in namespaces and folders of its own.
///
/// Ports that containers publish meet no one else's, and nothing is left behind: its processes end with their process
/// namespace, its mounts with their mount namespace. Needs root.
public struct TestEngine: Sendable {
    /// Which engine.
    public enum Kind: String, Sendable, CaseIterable {
        /// Podman's Docker API; containers have addresses of their own.
        case podman
        /// Docker's daemon; containers need `--network host`.
        case docker
    }

    /// Which engine it is.
    public let kind: Kind
    /// The socket of the Docker API.
    public let socket: FilePath
    private let service: RunningProgram
    private let client: FilePath

    /// Starts an engine, hands it to `body`, and ends it with all its containers.
    /// - Parameter certificates: has Docker's daemon listen at `portHost` too, with TLS.
    /// - Throws: `TestSupportError` when the engine, docker or runc is not installed, or the engine does not answer.
    public static func run<Result>(
        _ kind: Kind, certificates: TestCertificates? = nil, _ body: (TestEngine) async throws -> Result
    ) async throws -> Result {
        // Podman refuses long paths for its sockets.
        var template = Array("/tmp/mixpack-engine-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let folder = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
        defer { removeTree(folder) }
        let engine = try await TestEngine(kind, certificates, in: folder)
        do {
            let result = try await body(engine)
            await engine.stop()
            return result
        } catch {
            await engine.stop()
            throw error
        }
    }

    private init(_ kind: Kind, _ certificates: TestCertificates?, in folder: FilePath) async throws {
        self.kind = kind
        client = try findTool("docker", package: "docker.io")
        let start = folder.appending("start")
        socket = folder.appending("\(kind.rawValue).sock")
        try start.write(try Self.script(kind, certificates, in: folder), mode: 0o755)
        service = try RunningProgram(
            try findTool("unshare", package: "util-linux"),
            [
                "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                start.string,
            ], environment: ["XDG_RUNTIME_DIR": nil, "CONTAINER_HOST": nil, "DOCKER_HOST": nil])
        do {
            try await eventually("an answer of \(kind): \(service.errorOutput)", within: .seconds(60)) {
                try await version().status == 0
            }
        } catch {
            await stop()
            throw error
        }
    }

    private static func script(
        _ kind: Kind, _ certificates: TestCertificates?, in folder: FilePath
    ) throws -> String {
        let head = "#!/bin/sh\nip link set lo up\n"
        switch kind {
        case .podman:
            let runtime = folder.appending("runtime")
            try runtime.write(RuntimeScript.text(runc: try findTool("runc")), mode: 0o755)
            return head + """
                exec '\(try findTool("podman"))' --root '\(folder)/root' --runroot '\(folder)/run' --tmpdir '\(folder)/tmp' \\
                    --cgroup-manager=cgroupfs --events-backend=file --runtime '\(runtime)' \\
                    system service --time=0 'unix://\(folder)/podman.sock'

                """
        case .docker:
            let daemon = try findTool("dockerd", package: "docker.io")
            let port = certificates.map {
                "-H tcp://127.0.0.1:2376 --tlsverify --tlscacert '\($0.authority)' --tlscert '\($0.certificate)' --tlskey '\($0.key)'"
            }
            return head + """
                exec '\(daemon)' --data-root '\(folder)/root' --exec-root '\(folder)/run' -H 'unix://\(folder)/docker.sock' \\
                    --pidfile '\(folder)/pid' --iptables=false --bridge=none \(port ?? "")

                """
        }
    }

    /// The value of `DOCKER_HOST` for this engine.
    public var host: String { "unix://\(socket)" }

    /// The value of `DOCKER_HOST` for its port, within its own network.
    public var portHost: String { "tcp://127.0.0.1:2376" }

    /// Runs a program in the engine's network.
    public func runInside(
        _ program: FilePath, _ arguments: [String], environment: [String: String?] = [:],
        within deadline: Duration = .seconds(180)
    ) async throws -> ProgramEnd {
        try await TestSupport.run(
            try findTool("nsenter", package: "util-linux"),
            ["--net=/proc/\(service.id)/ns/net", program.string] + arguments, environment: environment, within: deadline
        )
    }

    /// Runs the docker command line against it.
    public func docker(
        _ arguments: String..., input: String = "", within deadline: Duration = .seconds(120)
    ) async throws -> ProgramEnd {
        try await TestSupport.run(
            client, arguments, environment: variables, input: input, within: deadline)
    }

    /// Starts the docker command line on a terminal.
    public func dockerOnTerminal(_ arguments: String...) throws -> PseudoTerminal {
        try PseudoTerminal(client, arguments, environment: variables)
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
            client, ["version", "--format", "{{.Server.Version}}"], environment: variables, within: .seconds(10))
    }

    private func stop() async {
        // The containers first, so that their control groups go too.
        if let ids = try? await docker("ps", "-aq").lines, !ids.isEmpty {
            _ = try? await TestSupport.run(
                client, ["rm", "-f"] + ids, environment: variables, within: .seconds(30))
        }
        service.send(SIGKILL)
        _ = try? await service.end(within: .seconds(20))
    }
}

/// Podman as a test's engine.
public enum PodmanEngine {
    /// Starts an engine, hands it to `body`, and ends it with all its containers.
    public static func run<Result>(_ body: (TestEngine) async throws -> Result) async throws -> Result {
        try await TestEngine.run(.podman, body)
    }
}
