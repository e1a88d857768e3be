import Diagnostics
import Glibc
import ImageTransports
import OCIImage
import SystemPackage
import TestSupport
import Testing

/// A seeded tenth of the changes; `make soak` tries all.
@Suite("A store that was damaged") struct CorruptionTests {
    @Test("no wrong byte leaves a damaged store: by push, oci:, archives, or file by file")
    func leaving() async throws {
        try await withRegistry { registry, folder in
            let template = folder.appending("template")
            let sample = try await SampleImage("hello", in: ImageStore(root: template), name: "app")
            _ = try await SampleImage("other", in: ImageStore(root: template), name: "other")
            let text = try await text(of: sample.image, from: sample.store)
            var refused = 0
            for seed in 0..<Corruption.rounds {
                let root = folder.appending("store-\(seed)")
                // With its hard links.
                _ = try await run(try findTool("cp"), ["-a", template.string, root.string]).succeeded()
                let what = try Corruption.strike(root, seed: seed)
                let places = try places(folder.appending("out-\(seed)"), registry.host, seed, folder)
                for (name, destination, source) in places {
                    do {
                        let store = ImageStore(root: root)
                        guard let image = try store.image(for: Reference("app")) else { continue }
                        try await destination.write(image, from: store, progress: nil)
                        let out = try await source.image()
                        #expect(out.id == sample.image.id, "\(what): \(name)")
                        try await ImageValidator().validate(out, blobs: source)
                        #expect(try await self.text(of: out, from: source) == text, "\(what): \(name)")
                    } catch let error as Failure {
                        refused += 1
                        #expect(error.message.contains(root.string), "\(what): \(name): \(error)")
                        #expect(error.advice != nil, "\(what): \(name): \(error)")
                    }
                }
                removeTree(root)
            }
            // Most of the files are the image's.
            #expect(refused > Corruption.rounds / 2)
        }
    }

    private func places(
        _ folder: FilePath, _ host: String, _ seed: Int, _ scratch: FilePath
    ) throws -> [(String, any ImageDestination, any ImageSource)] {
        try folder.makeFolder()
        var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
        options.insecure = [host]
        let name = try Reference("\(host)/app-\(seed):1")
        let layout = LayoutDirectory(folder.appending("layout"), tag: "1")
        let archive = LayoutArchive(folder.appending("oci.tar"), reference: try Reference("app"))
        let docker = DockerArchive(folder.appending("docker.tar"), reference: try Reference("app"))
        // What was pushed is read by a client that knows nothing of it.
        let pushed = RegistryImage(name, options: options, temporaryFolder: scratch)
        let pulled = RegistryImage(name, options: options, temporaryFolder: scratch)
        return [
            ("oci:", layout, layout), ("oci-archive:", archive, archive), ("docker-archive:", docker, docker),
            ("docker://", pushed, pulled),
        ]
    }

    /// What the application's file holds.
    private func text(of image: Image, from blobs: any BlobSource) async throws -> String {
        let files = ImageFiles(image, blobs: blobs)
        return String(decoding: try await files.content(of: "/app/hello", in: 1, limit: 1 << 20), as: UTF8.self)
    }

    @Test("a pipe in an archive's place is an error that names it, not a wait", .timeLimit(.minutes(1)))
    func pipes() async throws {
        try await withTemporaryFolder { folder in
            let pipe = folder.appending("image.tar")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            // Whoever opens it to read does not wait for a writer.
            let held = try FileDescriptor.open(pipe, .readWrite)
            defer { try? held.close() }
            let sources: [any ImageSource] = [DockerArchive(pipe, reference: nil), LayoutArchive(pipe, reference: nil)]
            for source in sources {
                let error = await #expect(throws: Failure.self) { try await source.image() }
                #expect(error?.message.contains("\(pipe) is not a file") == true, "\(error?.message ?? "")")
            }
        }
    }
}
