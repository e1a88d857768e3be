import SystemPackage
import TestSupport
import Testing

/// Two containers of one image, each in a network of its own, with a cable between them.
@Suite(.serialized) struct ClusterTests {
    private static let program = "\(Workbench.release)/bin/hello"

    private static func start(
        _ image: ImageFacts, _ address: String, in folder: FilePath, cookie: String
    ) async throws -> RunningContainer {
        let bundle = try await ImageBundle(
            layout: image.layout, tag: image.tag, unpackedTo: folder.appending("bundle-\(address)"))
        let name = "cluster-\(image.digest.suffix(8))-\(address.split(separator: ".").last ?? "")"
        return try bundle.start(name: name, environment: ["POD_IP": address, "RELEASE_COOKIE": cookie])
    }

    private static func isUp(_ container: RunningContainer) async throws {
        try await eventually("a node that answers: \(container.program.output)", within: .seconds(60)) {
            try await container.exec(program, "rpc", "IO.puts(:up)").status == 0
        }
    }

    /// What one node says when it is told to join the other.
    private static func join(_ container: RunningContainer, _ address: String) async throws -> String {
        try await container.exec(
            program, "rpc", "IO.inspect({Node.connect(:\"hello@\(address)\"), Node.list()})"
        ).succeeded().output
    }

    @Test(
        "Nodes of --distribution cluster with one cookie find each other without epmd; with another cookie they do not",
        arguments: [("one-cookie", true), ("another-cookie", false)])
    func cluster(cookie: String, isJoined: Bool) async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let image = try await bench.build(project, as: "hello", ["--distribution", "cluster"])
            let first = try await Self.start(image, "10.77.0.1", in: bench.folder, cookie: "one-cookie")
            let second: RunningContainer
            do {
                second = try await Self.start(image, "10.77.0.2", in: bench.folder, cookie: cookie)
            } catch {
                await first.remove()
                throw error
            }
            do {
                try await first.connect(as: "10.77.0.1", to: second, as: "10.77.0.2")
                for container in [first, second] { try await Self.isUp(container) }
                let answer = try await Self.join(first, "10.77.0.2")
                #expect(answer.contains(isJoined ? "{true, [:\"hello@10.77.0.2\"]}" : "{false, []}"), "\(answer)")
                let ports = try await first.exec("/bin/sh", "-c", "grep ' 0A ' /proc/net/tcp")
                #expect(ports.lines.map { $0.contains(" 00000000:238C ") } == [true], "\(ports)")
            } catch {
                await first.remove()
                await second.remove()
                throw error
            }
            await first.remove()
            await second.remove()
        }
    }
}
