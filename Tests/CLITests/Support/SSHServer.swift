import Glibc
import SystemPackage
import TestSupport

/// OpenSSH's server on the loopback, which lets the user in by a key of the test's own.
///
/// Needs root.
struct SSHServer {
    let port: UInt16
    /// A `PATH` whose `ssh` knows the key and the server.
    let searchPath: String
    private let program: RunningProgram

    /// The value of `DOCKER_HOST` that leads to it.
    var address: String { "ssh://root@127.0.0.1:\(port)" }

    /// Starts it, hands it to `body`, and ends it.
    /// - Parameter variables: what the commands that it runs see.
    static func run(variables: [String: String], _ body: (SSHServer) async throws -> Void) async throws {
        // sshd wants folders that only root may write to, and paths without spaces.
        var template = Array("/tmp/mixpack-ssh-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let folder = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
        defer { removeTree(folder) }
        let server = try await SSHServer(in: folder, variables)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(in folder: FilePath, _ variables: [String: String]) async throws {
        port = try TCPSocket.freePort()
        let keygen = try findTool("ssh-keygen", package: "openssh-client")
        for name in ["host", "user"] {
            _ = try await TestSupport.run(
                keygen, ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"]
            ).succeeded()
        }
        let settings = variables.map { "SetEnv \($0.key)=\($0.value)\n" }.joined()
        try folder.appending("sshd_config").write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(folder)/host
            AuthorizedKeysFile \(folder)/user.pub
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            PidFile none
            \(settings)
            """)
        try folder.appending("ssh_config").write(
            """
            IdentityFile \(folder)/user
            IdentitiesOnly yes
            BatchMode yes
            StrictHostKeyChecking no
            UserKnownHostsFile /dev/null
            LogLevel ERROR

            """)
        let ssh = try findTool("ssh", package: "openssh-client")
        try folder.appending("bin/ssh").write(
            "#!/bin/sh\nexec '\(ssh)' -F '\(folder)/ssh_config' \"$@\"\n", mode: 0o755)
        searchPath = "\(folder)/bin:" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")
        // Privilege separation needs this folder, which the package's service makes.
        try FilePath("/run/sshd").makeFolder()
        let daemon = try findTool("sshd", package: "openssh-server")
        program = try RunningProgram(daemon, ["-D", "-e", "-f", "\(folder)/sshd_config"])
        let port = port
        try await eventually("an answer of sshd: \(program.errorOutput)") {
            guard let socket = try? TCPSocket.connect(port) else { return false }
            close(socket)
            return true
        }
    }

    private func stop() async {
        program.send(SIGTERM)
        _ = try? await program.end(within: .seconds(10))
    }
}
