import ImageTransports
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct RoundTripTests {
    /// A place of the way, and whether the image comes there with the manifest that it had before.
    private typealias Stop = (place: String, keepsManifest: Bool)

    @Test("an image that went through all places has the ID and the layers that it began with, and runs after each")
    func allPlaces() async throws {
        try await withPodman { engine, folder in
            try await withRegistry { registry, scratch in
                let store = ImageStore(root: folder.appending("store"))
                let start = try await runnable(in: store, folder)
                let places = places(engine, registry, folder, scratch)
                let stops: [Stop] = [
                    ("oci:\(folder)/layout:x", true), ("oci-archive:\(folder)/oci.tar", true),
                    // Compressed on its way to the registry, and left as it is from then on.
                    ("docker://\(registry.host)/app:1", false), ("oci:\(folder)/layout:y", true),
                    ("docker://\(registry.host)/app:2", true), ("oci-archive:\(folder)/again.tar", true),
                    // Archives of docker's kind have no manifest to keep.
                    ("docker-daemon:round-trip:1", false), ("docker-archive:\(folder)/docker.tar", false),
                    ("store", true),
                ]
                var source: any ImageSource = StorePlace(store, try Reference("start"))
                for (number, stop) in stops.enumerated() {
                    let place =
                        stop.place == "store" ? ImagePlace.store(try Reference("last")) : try ImagePlace(stop.place)
                    let before = try await source.image()
                    try await places.destination(place, name: try Reference("round-trip:1"))
                        .write(before, from: source, progress: nil)
                    source = try await places.source(place)
                    let read = try await source.image()
                    #expect(read.id == start.id, "\(stop.place)")
                    #expect(read.layers.map(\.diffID) == start.layers.map(\.diffID), "\(stop.place)")
                    if stop.keepsManifest { #expect(read.digest == before.digest, "\(stop.place)") }
                    try await ImageValidator().validate(read, blobs: source)
                    #expect(
                        try await output(of: read, from: source, in: folder.appending("run-\(number)")) == "it runs\n")
                }
            }
        }
    }

    private func places(
        _ engine: ContainerEngine, _ registry: RegistryService, _ folder: FilePath, _ scratch: FilePath
    ) -> ImagePlaces {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
        options.insecure = [registry.host]
        return ImagePlaces(
            store: ImageStore(root: folder.appending("last")),
            environment: [:], engines: .only(engine.endpoint), temporaryFolder: scratch,
            registries: options)
    }

    /// An image of two layers that says a word.
    private func runnable(in store: ImageStore, _ folder: FilePath) async throws -> Image {
        let files = folder.appending("files")
        try files.makeFolder()
        _ = try await TinyImage.archive(in: files)
        let transaction = try store.begin()
        var builder = ImageBuilder()
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.configuration.config.entrypoint = ["/bin/sh", "/word"]
        let contents = [
            LayerContents([.tree(files.appending("fs"), at: "/", owner: .root)]),
            LayerContents([.file(Array("echo it runs\n".utf8), path: "/word", mode: 0o644, owner: .root)]),
        ]
        for contents in contents {
            builder.append(try await transaction.addLayer(contents).layer, createdBy: "test")
        }
        let image = try builder.image()
        try await transaction.commit(image, as: [try Reference("start")])
        return image
    }

    /// What the image prints when runc runs it as umoci unpacks it.
    private func output(of image: Image, from blobs: any BlobSource, in folder: FilePath) async throws -> String {
        let layout = folder.appending("layout")
        try folder.makeFolder()
        try await LayoutDirectory(layout, tag: "run").write(image, from: blobs, progress: nil)
        let bundle = try await ImageBundle(layout: layout, tag: "run", unpackedTo: folder.appending("bundle"))
        let container = try bundle.start(name: "round-trip-\(folder.lastComponent?.string ?? "")")
        do {
            let end = try await container.program.end(within: .seconds(30))
            await container.remove()
            return end.output + end.errorOutput
        } catch {
            await container.remove()
            throw error
        }
    }
}
