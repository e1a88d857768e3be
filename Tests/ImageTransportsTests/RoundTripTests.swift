import ImageTransports
import OCIImage
import SystemPackage
import TestSupport
import Testing

@Suite struct RoundTripTests {
    @Test("an image that went through all places has the ID and the layers that it began with")
    func allPlaces() async throws {
        try await withPodman { engine, folder in
            try await withRegistry { registry, registryFolder in
                let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
                var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
                options.insecure = [registry.host]
                let places = ImagePlaces(
                    store: ImageStore(root: folder.appending("last")),
                    environment: ["DOCKER_HOST": engine.endpoint.description], user: 0, temporaryFolder: registryFolder,
                    registries: options)
                let names = [
                    "oci:\(folder)/layout:x", "oci-archive:\(folder)/oci.tar", "docker://\(registry.host)/app:1",
                    "docker-daemon:round-trip:1", "docker-archive:\(folder)/docker.tar",
                ]
                let kept = ["oci", "oci-archive"]
                var source: any ImageSource = StorePlace(sample.store, try Reference("sample"))
                for name in names + ["store"] {
                    let place = name == "store" ? ImagePlace.store(try Reference("last")) : try ImagePlace(name)
                    let image = try await source.image()
                    try await places.destination(place, name: try Reference("round-trip:1"))
                        .write(image, from: source, progress: nil)
                    source = try await places.source(place)
                    let read = try await source.image()
                    #expect(read.id == sample.image.id, "\(name)")
                    #expect(read.layers.map(\.diffID) == sample.image.layers.map(\.diffID), "\(name)")
                    if kept.contains(String(name.prefix { $0 != ":" })) {
                        #expect(read.digest == sample.image.digest, "\(name)")
                    }
                    try await ImageValidator().validate(read, blobs: source)
                }
            }
        }
    }
}
