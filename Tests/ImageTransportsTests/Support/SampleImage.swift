import LayerArchive
import OCIImage

/// A small image of two layers, in a store.
struct SampleImage {
    let store: ImageStore
    let image: Image

    init(
        _ text: String, base: String = "root:x:0:0::/:/bin/sh\n", in store: ImageStore, name: String = "sample",
        labels: [String: String] = [:]
    ) async throws {
        self.store = store
        let transaction = try store.begin()
        var builder = ImageBuilder()
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.configuration.config.entrypoint = ["/app/hello"]
        builder.configuration.config.labels = labels
        for contents in [Self.base(base), Self.app(text)] {
            builder.append(try await transaction.addLayer(contents).layer, createdBy: "test")
        }
        image = try builder.image()
        try await transaction.commit(image, as: [try Reference(name)])
        try await store.validate(image)
    }

    private static func base(_ text: String) -> LayerContents {
        LayerContents([
            .directory("/etc", mode: 0o755, owner: .root),
            .file(Array(text.utf8), path: "/etc/passwd", mode: 0o644, owner: .root),
        ])
    }

    private static func app(_ text: String) -> LayerContents {
        LayerContents([
            .directory("/app", mode: 0o755, owner: Owner(user: 1000, group: 1000)),
            .file(Array(text.utf8), path: "/app/hello", mode: 0o755, owner: Owner(user: 1000, group: 1000)),
        ])
    }
}
