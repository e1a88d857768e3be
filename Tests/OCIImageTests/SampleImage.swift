import LayerArchive
import OCIImage
import SystemPackage

/// A small image of two layers and how it is put into a store.
struct SampleImage {
    static let user = Owner(user: 1000, group: 1000)

    /// The layer below: the same for every sample.
    static let base = LayerContents([
        .directory("/etc", mode: 0o755, owner: .root),
        .file(Array("root:x:0:0::/:/bin/sh\n".utf8), path: "/etc/passwd", mode: 0o644, owner: .root),
    ])

    /// The layer above.
    static func app(_ text: String) -> LayerContents {
        LayerContents([
            .directory("/app", mode: 0o755, owner: user),
            .file(Array(text.utf8), path: "/app/greeting", mode: 0o644, owner: user),
            .symlink(target: "greeting", path: "/app/hello", mode: 0o777, owner: user),
        ])
    }

    /// Writes an image and checks it.
    @discardableResult
    static func commit(_ text: String, to store: ImageStore, as names: String...) async throws -> Image {
        let transaction = try store.begin()
        let image = try await stage(text, in: transaction)
        try await transaction.commit(image, as: try names.map { try Reference($0) })
        try await store.validate(image)
        return image
    }

    /// Adds the layers of an image to a transaction.
    static func stage(_ text: String, in transaction: StoreTransaction) async throws -> Image {
        var builder = ImageBuilder(platform: .current)
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.configuration.config.user = "1000:1000"
        builder.configuration.config.entrypoint = ["/app/hello"]
        builder.configuration.config.setVariable("LANG", to: "C.UTF-8")
        builder.append(try await transaction.addLayer(base).layer, createdBy: "base")
        builder.append(try await transaction.addLayer(app(text)).layer, createdBy: "app")
        return try builder.image()
    }
}
