import Diagnostics
import Glibc
import ImageTransports
import SystemPackage
import TestSupport
import Testing

/// What is said where no engine answers.
@Suite struct EngineSilenceTests {
    private func silence(
        _ environment: [String: String], user: UInt32 = 1000, installed: Set<String> = []
    ) async throws -> EngineSilence {
        let search = EngineSearch(EngineCandidates(environment: environment, user: user)) { installed.contains($0) }
        switch await search.find() {
        case .found(let found): throw TestSupportError("\(found.version) answers")
        case .silent(let silence): return silence
        }
    }

    @Test("a socket that was named and is not there is said by its name, with two ways out")
    func missing() async throws {
        let found = try await silence(["DOCKER_HOST": "unix:///no/such.sock"], installed: ["podman", "docker"])
        #expect(found.isNamed)
        #expect(
            found.failure.message == "DOCKER_HOST=unix:///no/such.sock does not answer: there is no such socket")
        #expect(found.failure.advice == "start the engine there, or unset DOCKER_HOST")
    }

    @Test("what is at the place but is no engine is said in its own words")
    func broken() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("file.sock")
            try file.write("a file")
            let socket = try await silence(["CONTAINER_HOST": "unix://\(file)"])
            #expect(
                socket.failure.message == "CONTAINER_HOST=unix://\(file) does not answer: it is not a socket")
        }
        let port = try await silence(["DOCKER_HOST": "tcp://127.0.0.1:\(try TCPSocket.freePort())"])
        #expect(port.failure.message.contains("couldn't connect to server"), "\(port.failure.message)")
        #expect(port.isNamed)
    }

    @Test("a socket that nobody listens at any more is another thing than one that is missing")
    func deserted() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("old.sock")
            try leaveSocket(at: path)
            let found = try await silence(["DOCKER_HOST": "unix://\(path)"])
            #expect(found.failure.message.hasSuffix("does not answer: nothing listens at the socket"))
        }
    }

    @Test(
        "where nothing is named, what is installed says what to start",
        arguments: [
            (
                [], 1000, "no container engine is installed",
                "sudo apt-get install podman, then systemctl --user start podman.socket"
            ),
            (["podman"], 1000, "Podman is installed, but its socket is not on", "systemctl --user start podman.socket"),
            (
                ["podman", "docker"], 0, "Podman is installed, but its socket is not on",
                "systemctl start podman.socket"
            ),
            (["docker", "dockerd"], 1000, "Docker is installed, but stopped", "sudo systemctl start docker"),
            (["dockerd"], 0, "Docker is installed, but stopped", "systemctl start docker"),
            (
                ["docker"], 1000, "docker's command is installed, but no engine answers it",
                "choose the engine's context: docker context ls, then docker context use NAME"
            ),
            (
                ["docker", "dockerd", "podman"], 1000,
                "Docker is installed, but stopped; Podman is installed, but its socket is not on",
                "sudo systemctl start docker, or systemctl --user start podman.socket"
            ),
        ] as [(Set<String>, UInt32, String, String)])
    func stopped(installed: Set<String>, user: UInt32, message: String, advice: String) async throws {
        // The machine that tests run on may have engines of its own at the usual places.
        let words = EngineSilence.words(isRoot: user == 0, installed: installed)
        #expect(!words.isNamed)
        #expect(words.failure.message == message)
        #expect(words.failure.advice == advice)
    }

    @Test("who wants no engine says so, and hears nothing of engines")
    func switchedOff() async throws {
        let found = try await silence(["MIXPACK_ENGINE": "none", "DOCKER_HOST": "unix:///no.sock"])
        #expect(found.isSwitchedOff && !found.isNamed)
        let wrong = try await silence(["MIXPACK_ENGINE": "podman"])
        #expect(wrong.failure.message == "MIXPACK_ENGINE is podman" && wrong.isNamed)
    }

    private func leaveSocket(at path: FilePath) throws {
        let end = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(end) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(end, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Errno(rawValue: errno) }
    }
}
