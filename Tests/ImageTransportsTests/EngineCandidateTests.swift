import Diagnostics
import HTTP
import ImageTransports
import SystemPackage
import TestSupport
import Testing

/// Where docker's and podman's own commands would look: a function of variables and files.
@Suite struct EngineCandidateTests {
    private static let name = "desktop-linux"
    /// What `printf desktop-linux | sha256sum` prints.
    private static let key = "fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e"
    private static let files = [
        "/home/me/.docker/config.json": #"{"auths": {}, "currentContext": "desktop-linux"}"#,
        "/home/me/.docker/contexts/meta/\(key)/meta.json":
            #"{"Name": "desktop-linux", "Endpoints": {"docker": {"Host": "unix:///home/me/.docker/desktop/docker.sock"}}}"#,
        "/home/me/.config/containers/podman-connections.json": """
        {"Connection": {"Default": "vm", "Connections": {
            "vm": {"URI": "ssh://core@127.0.0.1:42/run/user/7/podman/podman.sock", "Identity": "/home/me/key"},
            "far": {"URI": "tcp://far:1234"}}}}
        """,
    ]

    private func list(
        _ environment: [String: String], user: UInt32 = 7, files: [String: String] = files
    ) throws -> [EngineCandidate] {
        try EngineCandidates(environment: environment, user: user) { files[$0.string].map { Array($0.utf8) } }.list()
    }

    @Test(
        "what is named stands alone, in docker's own order and then in podman's",
        arguments: [
            (["DOCKER_HOST": "unix:///x.sock", "DOCKER_CONTEXT": "y"], "unix:///x.sock", .dockerHost),
            (
                ["DOCKER_CONTEXT": name, "HOME": "/home/me", "CONTAINER_HOST": "unix:///p.sock"],
                "unix:///home/me/.docker/desktop/docker.sock", .dockerContext(name, chosenBy: "DOCKER_CONTEXT")
            ),
            (
                ["HOME": "/home/me"], "unix:///home/me/.docker/desktop/docker.sock",
                .dockerContext(name, chosenBy: "currentContext in /home/me/.docker/config.json")
            ),
            (
                ["HOME": "/nobody", "DOCKER_CONFIG": "/home/me/.docker"],
                "unix:///home/me/.docker/desktop/docker.sock",
                .dockerContext(name, chosenBy: "currentContext in /home/me/.docker/config.json")
            ),
            (
                ["HOME": "/home/me", "DOCKER_CONTEXT": "default", "CONTAINER_HOST": "tcp://[::1]:9"], "tcp://[::1]:9",
                .containerHost
            ),
            (
                ["DOCKER_CONTEXT": "default", "HOME": "/home/me", "CONTAINER_CONNECTION": "far"], "tcp://far:1234",
                .podmanConnection("far", chosenBy: "CONTAINER_CONNECTION")
            ),
        ] as [([String: String], String, EngineCandidate.Origin)])
    func named(environment: [String: String], address: String, origin: EngineCandidate.Origin) throws {
        let found = try list(environment)
        #expect(found.map(\.endpoint.description) == [address])
        #expect(found.map(\.origin) == [origin])
        #expect(found.filter(\.isNamed) == found)
    }

    @Test("where nothing is named, the usual sockets come first, then podman's connection for other machines")
    func usual() throws {
        let some = try list(["XDG_RUNTIME_DIR": "/run/me"], files: [:])
        #expect(
            some.map(\.endpoint.description) == [
                "unix:///var/run/docker.sock", "unix:///run/me/docker.sock", "unix:///run/me/podman/podman.sock",
                "unix:///run/podman/podman.sock",
            ])
        #expect(some.filter(\.isNamed) == [])
        let all = try list(["HOME": "/home/me", "DOCKER_CONTEXT": "default"])
        #expect(all.count == 5)
        #expect(all[1].endpoint.description == "unix:///run/user/7/docker.sock")
        #expect(all[4].endpoint.description == "ssh://core@127.0.0.1:42/run/user/7/podman/podman.sock")
        #expect(!all[4].isNamed)
    }

    @Test("podman 4 keeps its connections in containers.conf")
    func containersConf() throws {
        let text = """
            [engine]
            active_service = "there"
            [engine.service_destinations.there]
            uri = "ssh://root@there/run/podman/podman.sock"
            identity = "/k"
            """
        let found = try list(
            ["HOME": "/home/me", "CONTAINER_CONNECTION": "there"],
            files: ["/home/me/.config/containers/containers.conf": text])
        guard case .ssh(let address)? = found.first?.endpoint else { throw TestSupportError("no way over ssh") }
        #expect(
            address.command == [
                "ssh", "-o", "ConnectTimeout=15", "-T", "-l", "root", "-i", "/k", "--", "there", "podman", "--url",
                "unix:///run/podman/podman.sock", "system", "dial-stdio",
            ])
    }

    @Test(
        "what leads nowhere is an error that names who said it",
        arguments: [
            (["DOCKER_HOST": "npipe:////./pipe/x"], "DOCKER_HOST: npipe:////./pipe/x is not an address"),
            (["DOCKER_HOST": "/var/run/docker.sock"], "DOCKER_HOST: /var/run/docker.sock is not an address"),
            (["DOCKER_HOST": "ssh://"], "DOCKER_HOST: ssh:// is not an address"),
            (
                ["DOCKER_CONTEXT": "gone", "HOME": "/home/me"],
                "the Docker context gone (DOCKER_CONTEXT) does not exist: /home/me/.docker/contexts/meta/"
            ),
            (
                ["CONTAINER_CONNECTION": "gone", "HOME": "/nobody"],
                "the Podman connection gone (CONTAINER_CONNECTION) does not exist"
            ),
        ] as [([String: String], String)])
    func refused(environment: [String: String], message: String) {
        let error = #expect(throws: Failure.self) { try list(environment) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.advice != nil)
    }

    @Test(
        "ports get docker's own number where they have none, and TLS by variables or by a context's files",
        arguments: [
            (["DOCKER_HOST": "tcp://h"], "tcp://h:2375"), (["DOCKER_HOST": "h:1"], "tcp://h:1"),
            (["DOCKER_HOST": "tcp://h", "DOCKER_TLS_VERIFY": "1"], "tcp://h:2376"),
            (["DOCKER_HOST": "tcp://h:1/base"], "tcp://h:1/base"),
            (["DOCKER_HOST": "unix://"], "unix:///var/run/docker.sock"),
        ] as [([String: String], String)])
    func ports(environment: [String: String], address: String) throws {
        #expect(try list(environment).map(\.endpoint.description) == [address])
    }

    @Test("certificates lie where docker looks for them")
    func certificates() throws {
        let variables = ["DOCKER_HOST": "tcp://h:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/c"]
        let pems = ["/c/ca.pem": "", "/c/cert.pem": "", "/c/key.pem": ""]
        let named = TLSIdentity(authority: "/c/ca.pem", certificate: "/c/cert.pem", key: "/c/key.pem")
        #expect(try list(variables, files: pems).map(\.endpoint) == [.network("h:1", tls: named)])
        let home = "/home/me/.docker/contexts"
        let files = [
            "\(home)/meta/\(Self.key)/meta.json":
                #"{"Endpoints": {"docker": {"Host": "tcp://h:1", "SkipTLSVerify": true}}}"#,
            "\(home)/tls/\(Self.key)/docker/cert.pem": "",
        ]
        let own = TLSIdentity(
            authority: nil, certificate: FilePath("\(home)/tls/\(Self.key)/docker/cert.pem"), key: nil, verifies: false)
        let context = ["DOCKER_CONTEXT": Self.name, "HOME": "/home/me"]
        #expect(try list(context, files: files).map(\.endpoint) == [.network("h:1", tls: own)])
    }

    private static let socket = EngineEndpoint.socket("/s.sock")

    @Test(
        "commands lead to the engine from any shell",
        arguments: [
            (.usual(.docker, isOwn: true), .docker, [.docker], ["docker"]),
            (.usual(.docker, isOwn: false), .docker, [.docker], ["docker", "-H", "unix:///s.sock"]),
            (.dockerHost, .docker, [.docker, .podman], ["docker", "-H", "unix:///s.sock"]),
            (.dockerContext("x", chosenBy: ""), .docker, [.docker], ["docker", "--context", "x"]),
            (.usual(.podman, isOwn: true), .podman, [.docker, .podman], ["podman"]),
            (.usual(.podman, isOwn: false), .podman, [.docker, .podman], ["podman", "--url", "unix:///s.sock"]),
            (.usual(.podman, isOwn: true), .podman, [.docker], ["docker", "-H", "unix:///s.sock"]),
            (.dockerHost, .podman, [.docker, .podman], ["docker", "-H", "unix:///s.sock"]),
            (.dockerHost, .podman, [.podman], ["podman", "--url", "unix:///s.sock"]),
            (.containerHost, .podman, [.docker, .podman], ["podman", "--url", "unix:///s.sock"]),
            (.podmanConnection("x", chosenBy: ""), .podman, [.podman], ["podman", "--connection", "x"]),
            (.usual(.podman, isOwn: true), .podman, [], ["podman"]),
        ] as [(EngineCandidate.Origin, EngineProgram, Set<EngineProgram>, [String])])
    func commands(
        origin: EngineCandidate.Origin, engine: EngineProgram, installed: Set<EngineProgram>, words: [String]
    ) {
        #expect(EngineCandidate(Self.socket, origin).command(for: engine, installed: installed) == words)
    }

    @Test("docker's client is told of the certificates and of its own folder, where it would not look there by itself")
    func options() {
        let tls = TLSIdentity(authority: "/ca.pem", certificate: "/cert.pem", key: "/key.pem")
        #expect(
            EngineCandidate(.network("h:1", tls: tls), .dockerHost).command(for: .docker, installed: [.docker]) == [
                "docker", "-H", "tcp://h:1", "--tlsverify", "--tlscacert", "/ca.pem", "--tlscert", "/cert.pem",
                "--tlskey", "/key.pem",
            ])
        let context = EngineCandidate(Self.socket, .dockerContext("x", chosenBy: "y"))
        #expect(
            context.command(for: .docker, installed: [.docker], dockerConfiguration: "/d") == [
                "docker", "--config", "/d", "--context", "x",
            ])
    }
}
