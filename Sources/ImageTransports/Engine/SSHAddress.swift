import Diagnostics
import SystemPackage

/// A container engine on another machine, reached by ssh: `[USER@]HOST[:PORT][/SOCKET]`.
package struct SSHAddress: Sendable, Hashable, CustomStringConvertible {
    package var user: String?
    package var host: String
    package var port: Int?
    /// The engine's socket there; `nil` is the usual one.
    package var socket: FilePath?
    /// The file of the key that opens the way; `nil` leaves it to ssh.
    package var identity: FilePath?
    /// The program there that passes the bytes on.
    package var program = EngineProgram.docker

    /// Reads an address without its scheme.
    /// - Throws: `Failure` for one without a host, and for one with a password.
    init(_ text: String) throws(Failure) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        var authority = text[..<slash]
        if let at = authority.lastIndex(of: "@") {
            user = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        guard user?.contains(":") != true else {
            throw Failure(.unsupported, "the ssh address has a password in it", advice: "use a key, or ssh-agent")
        }
        let portStart = authority.lastIndex(of: ":").flatMap { colon in
            authority[colon...].contains("]") ? nil : colon
        }
        if let portStart {
            port = Int(authority[authority.index(after: portStart)...])
            authority = authority[..<portStart]
        }
        host = authority.hasPrefix("[") ? String(authority.dropFirst().dropLast()) : String(authority)
        guard !host.isEmpty, portStart == nil || port != nil else {
            throw Failure(
                .malformed, "ssh://\(text) is not an address of a container engine",
                advice: "use ssh://USER@HOST[:PORT]")
        }
        let path = text[slash...]
        socket = path.count > 1 ? FilePath(String(path)) : nil
    }

    /// The command whose standard streams are a connection to the engine, as docker's own client runs it.
    package var command: [String] {
        var words = ["ssh", "-o", "ConnectTimeout=15", "-T"]
        if let user { words += ["-l", user] }
        if let port { words += ["-p", "\(port)"] }
        if let identity { words += ["-i", identity.string] }
        words += ["--", host, program.rawValue]
        if let socket { words += [program == .docker ? "--host" : "--url", "unix://\(socket)"] }
        return words + ["system", "dial-stdio"]
    }

    /// The address as it is read.
    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return (user.map { $0 + "@" } ?? "") + name + (port.map { ":\($0)" } ?? "") + (socket?.string ?? "")
    }
}

/// The programs that people use container engines by.
package enum EngineProgram: String, Sendable, Hashable, CaseIterable {
    case docker, podman
}
