import Diagnostics
import OCIImage
import SystemPackage
import TOMLCoding

/// The connections of Podman's command: podman-connections.json, and for Podman 4 containers.conf.
struct PodmanConnections {
    private let candidates: EngineCandidates

    init(_ candidates: EngineCandidates) { self.candidates = candidates }

    /// The address of a connection, and the key that opens it.
    /// - Throws: `Failure` where there is no such connection.
    func connection(
        _ name: String, chosenBy choice: String
    ) throws(Failure) -> (address: String, identity: FilePath?) {
        if let found = try fromJSON(name) { return found }
        if let found = try fromTOML(name) { return found }
        throw Failure(
            .notFound, "the Podman connection \(name) (\(choice)) does not exist",
            advice: "see podman system connection list, or unset \(choice)")
    }

    private var folder: FilePath? {
        if let folder = candidates.variable("XDG_CONFIG_HOME") { return FilePath(folder).appending("containers") }
        return candidates.variable("HOME").map { FilePath($0).appending(".config/containers") }
    }

    /// The connection that `podman --remote` takes where none is named, and the file that says so.
    func byDefault() throws(Failure) -> (name: String, file: FilePath)? {
        guard let (file, connections) = try file(), let name = connections.Default, !name.isEmpty else { return nil }
        return (name, file)
    }

    private struct File: Decodable {
        struct Connections: Decodable {
            let Default: String?
            let Connections: [String: Destination]?
        }
        struct Destination: Decodable {
            let URI: String
            let Identity: String?
        }
        let Connection: Connections?
    }

    private func file() throws(Failure) -> (FilePath, File.Connections)? {
        guard let file = folder?.appending("podman-connections.json"), let bytes = candidates.read(file),
            let found = try CanonicalJSON.decode(File.self, from: bytes, what: "\(file)").Connection
        else { return nil }
        return (file, found)
    }

    private func fromJSON(_ name: String) throws(Failure) -> (address: String, identity: FilePath?)? {
        try file()?.1.Connections?[name].map { ($0.URI, Self.path($0.Identity)) }
    }

    private func fromTOML(_ name: String) throws(Failure) -> (address: String, identity: FilePath?)? {
        let file = candidates.variable("CONTAINERS_CONF").map { FilePath($0) } ?? folder?.appending("containers.conf")
        guard let file, let bytes = candidates.read(file) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let engine = try TOMLDocument(parsing: text, fileName: file.string).root.table("engine")
        guard let table = try engine?.table("service_destinations")?.table(name), let uri = try table.string("uri")
        else { return nil }
        return (uri, Self.path(try table.string("identity")))
    }

    private static func path(_ text: String?) -> FilePath? {
        text.flatMap { $0.isEmpty ? nil : FilePath($0) }
    }
}
