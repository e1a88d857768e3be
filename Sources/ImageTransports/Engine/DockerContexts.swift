import Diagnostics
import Digests
import HTTP
import OCIImage
import SystemPackage

/// The contexts of Docker's command, as they lie in its folder: `contexts/meta/<sha256 of the name>/meta.json`.
struct DockerContexts {
    private let folder: FilePath
    private let candidates: EngineCandidates

    /// Looks at the user's folder; `nil` where there can be none.
    init?(_ candidates: EngineCandidates) {
        guard let folder = candidates.dockerFolder else { return nil }
        self.folder = folder
        self.candidates = candidates
    }

    /// The context that counts, and what chose it; `nil` is Docker's own socket.
    func chosen() throws(Failure) -> (name: String, by: String)? {
        if let name = candidates.variable(EngineCandidates.contextVariable) {
            return name == "default" ? nil : (name, EngineCandidates.contextVariable)
        }
        struct Configuration: Decodable { let currentContext: String? }
        let file = folder.appending("config.json")
        guard let bytes = candidates.read(file) else { return nil }
        // What else is wrong with the file is for those to say who need it.
        guard let found = try? CanonicalJSON.decode(Configuration.self, from: bytes, what: ""),
            let name = found.currentContext, !name.isEmpty, name != "default"
        else { return nil }
        return (name, "currentContext in \(file)")
    }

    /// The address of a context's engine, and its certificates.
    /// - Throws: `Failure` where there is no such context, or none with an engine.
    func endpoint(of name: String, chosenBy choice: String) throws(Failure) -> (host: String, tls: TLSIdentity?) {
        let key = try MessageDigest.hex(of: name.utf8)
        let file = folder.appending("contexts/meta/\(key)/meta.json")
        guard let bytes = candidates.read(file) else {
            throw Failure(
                .notFound, "the Docker context \(name) (\(choice)) does not exist: \(file) is missing",
                advice: "see docker context ls, then docker context use NAME"
                    + (choice == EngineCandidates.contextVariable ? ", or unset DOCKER_CONTEXT" : ""))
        }
        let context = try CanonicalJSON.decode(Context.self, from: bytes, what: "\(file)")
        guard let docker = context.Endpoints["docker"], let host = docker.Host, !host.isEmpty else {
            throw Failure(
                .notFound, "the Docker context \(name) (\(choice)) has no engine in \(file)",
                advice: "choose another: docker context use default")
        }
        let keys = folder.appending("contexts/tls/\(key)/docker")
        let skips = docker.SkipTLSVerify ?? false
        let tls = TLSIdentity(in: keys, verifies: !skips) { candidates.read($0) != nil }
        let isWanted = skips || tls?.authority != nil || tls?.certificate != nil || tls?.key != nil
        return (host, isWanted ? tls : nil)
    }

    private struct Context: Decodable {
        struct Endpoint: Decodable {
            let Host: String?
            let SkipTLSVerify: Bool?
        }
        let Endpoints: [String: Endpoint]
    }
}
