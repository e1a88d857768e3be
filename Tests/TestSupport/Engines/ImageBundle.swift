import Glibc
public import SystemPackage

/// An image unpacked by umoci and run by runc: the two that know nothing of who made it.
///
/// Needs root.
public struct ImageBundle: Sendable {
    /// The unpacked files.
    public let root: FilePath
    private let folder: FilePath
    private let runc: FilePath

    /// Unpacks an image of an OCI layout into `folder`, which must not be there yet.
    /// - Throws: `TestSupportError` with what umoci said.
    public init(layout: FilePath, tag: String, unpackedTo folder: FilePath) async throws {
        runc = try findTool("runc")
        _ = try await TestSupport.run(
            try findTool("umoci"), ["unpack", "--image", "\(layout):\(tag)", folder.string]
        ).succeeded()
        self.folder = folder
        root = folder.appending("rootfs")
        try changeConfiguration { process in
            process["rlimits"] = nil
            process["terminal"] = .bool(false)
        }
    }

    /// Starts the image's own command or another, with more variables, in a network of its own.
    public func start(
        name: String, command: [String] = [], environment: [String: String] = [:]
    ) throws -> RunningContainer {
        try changeConfiguration { process in
            if !command.isEmpty { process["args"] = .array(command.map(JSONValue.string)) }
            let more = environment.map { JSONValue.string("\($0)=\($1)") }
            process["env"] = .array((process["env"]?.array ?? []) + more)
        }
        let program = try RunningProgram(
            runc, ["--root", folder.appending("state").string, "run", "-b", folder.string, name])
        return RunningContainer(name: name, runc: runc, state: folder.appending("state"), program: program)
    }

    /// What the container is started with, as the runtime specification words it.
    public func configuration() throws -> JSONValue {
        try JSONValue(parsing: folder.appending("config.json").readText())
    }

    private func changeConfiguration(_ change: (inout JSONValue) throws -> Void) throws {
        var configuration = try configuration()
        guard var process = configuration["process"] else { throw TestSupportError("no process in \(folder)") }
        try change(&process)
        configuration["process"] = process
        try folder.appending("config.json").write(try configuration.text())
    }
}

/// A container that runc runs.
public struct RunningContainer: Sendable {
    /// The container's name.
    public let name: String
    /// The runtime's own process, with the output of the container.
    public let program: RunningProgram
    private let runc: FilePath
    private let state: FilePath

    init(name: String, runc: FilePath, state: FilePath, program: RunningProgram) {
        self.name = name
        self.runc = runc
        self.state = state
        self.program = program
    }

    /// Runs a command in the container, as `docker exec` does: with the image's variables, not through its entrypoint.
    public func exec(_ command: String..., within deadline: Duration = .seconds(30)) async throws -> ProgramEnd {
        _ = try await processID()
        return try await TestSupport.run(runc, ["--root", state.string, "exec", name] + command, within: deadline)
    }

    /// Asks over HTTP from inside the container's network.
    public func get(_ url: String) async throws -> (code: Int, body: String) {
        let answer = try await TestSupport.run(
            try findTool("nsenter", package: "util-linux"),
            [
                "-t", "\(try await processID())", "-n", try findTool("curl").string, "-sS", "-m", "5", "-w",
                "\n%{http_code}", url,
            ])
        let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    /// Lays a cable between the network of this container and that of another, with these IPv4 addresses.
    public func connect(as own: String, to other: RunningContainer, as theirs: String) async throws {
        let (mine, its) = (try await processID(), try await other.processID())
        let (ip, nsenter) = (try findTool("ip", package: "iproute2"), try findTool("nsenter", package: "util-linux"))
        _ = try await TestSupport.run(
            ip,
            ["link", "add", "cable", "netns", "\(mine)", "type", "veth", "peer", "name", "cable", "netns", "\(its)"]
        ).succeeded()
        for (process, address) in [(mine, own), (its, theirs)] {
            let inside = ["-t", "\(process)", "-n", ip.string]
            for words in [["address", "add", "\(address)/24", "dev", "cable"], ["link", "set", "cable", "up"]] {
                _ = try await TestSupport.run(nsenter, inside + words).succeeded()
            }
        }
    }

    /// Sends a signal to the container's first process, such as `TERM`.
    public func kill(_ signal: String) async throws {
        _ = try await runc("kill", name, signal).succeeded()
    }

    /// Ends and removes the container, however it is; for a `defer`.
    public func remove() async {
        _ = try? await runc("delete", "--force", name)
        program.sendToGroup(SIGKILL)
        _ = try? await program.end(within: .seconds(10))
    }

    /// The id of the container's first process on this machine, once it runs.
    public func processID() async throws -> Int32 {
        var id: Int32 = 0
        try await eventually("the container \(name) running: \(program.errorOutput)") {
            let state = try await runc("state", name)
            guard state.status == 0, let json = try? JSONValue(parsing: state.output) else { return false }
            id = json["pid"]?.integer.map(Int32.init) ?? 0
            return json["status"]?.string == "running" && id > 0
        }
        return id
    }

    private func runc(_ arguments: String...) async throws -> ProgramEnd {
        try await TestSupport.run(runc, ["--root", state.string] + arguments, within: .seconds(30))
    }
}
