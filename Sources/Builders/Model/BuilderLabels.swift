import BuildpackAPI
import Diagnostics
import OCIImage

/// What the labels of a builder image say.
package struct BuilderLabels: Sendable, Hashable {
    package var metadata: BuilderMetadata
    /// The order as it was written: versions may be missing.
    package var order: [[BuildpackReference]]
    package var extensionOrder: [[BuildpackReference]]
    /// The buildpacks, by id and version.
    package var buildpacks: [BuilderModule]
    package var extensions: [BuilderModule]
    package var system: SystemBuildpacks
    package var mixins: [String]
    package var stackID: String?

    package init(metadata: BuilderMetadata, order: [[BuildpackReference]], buildpacks: [BuilderModule]) {
        self.metadata = metadata
        self.order = order
        self.buildpacks = buildpacks
        extensionOrder = []
        extensions = []
        system = SystemBuildpacks()
        mixins = []
    }

    /// Reads the labels of an image.
    /// - Parameter name: what a message calls the image.
    /// - Throws: `Failure` of code `malformed` for an image that is not a builder, and for a label that cannot be read.
    package init(of image: Image, named name: String) throws(Failure) {
        let labels = image.configuration.config.labels
        guard labels[BuilderLabel.metadata] != nil else {
            throw Failure(
                .malformed, "\(name) is not a builder: it has no label \(BuilderLabel.metadata)",
                advice: "name a builder image, or try recreating the builder: mixpack builder create")
        }
        func value<Value: Decodable>(_ label: String, _ type: Value.Type) throws(Failure) -> Value? {
            guard let text = labels[label], !text.isEmpty else { return nil }
            return try CanonicalJSON.decode(
                type, from: Array(text.utf8), what: "the label \(label) of the builder \(name)")
        }
        metadata = try value(BuilderLabel.metadata, BuilderMetadata.self) ?? BuilderMetadata()
        order = try value(BuilderLabel.order, OrderLabel.self)?.groups ?? []
        extensionOrder = try value(BuilderLabel.extensionOrder, OrderLabel.self)?.groups ?? []
        buildpacks = try value(BuilderLabel.buildpackLayers, LayersLabel.self)?.modules ?? []
        extensions = try value(BuilderLabel.extensionLayers, LayersLabel.self)?.modules ?? []
        system = try value(BuilderLabel.system, SystemBuildpacks?.self).flatMap { $0 } ?? SystemBuildpacks()
        mixins = try value(BuilderLabel.mixins, [String]?.self).flatMap { $0 } ?? []
        stackID = labels[BuilderLabel.stackID].flatMap { $0.isEmpty ? nil : $0 }
        try addLifecycle(labels, value(BuilderLabel.lifecycleAPIs, LifecycleFacts.APIs.self))
    }

    /// Older builders say what the lifecycle supports in the metadata alone, others in labels of their own too.
    private mutating func addLifecycle(_ labels: [String: String], _ apis: LifecycleFacts.APIs?) {
        if metadata.lifecycle.version.isEmpty {
            metadata.lifecycle.version = labels[BuilderLabel.lifecycleVersion] ?? ""
        }
        let known = metadata.lifecycle.apis
        if let apis, known.buildpack.supported.isEmpty, known.platform.supported.isEmpty {
            metadata.lifecycle.apis = apis
        }
    }

    /// The labels as they are written on an image.
    package func texts() throws(Failure) -> [String: String] {
        var texts = [
            BuilderLabel.metadata: try CanonicalJSON.text(metadata),
            BuilderLabel.order: try CanonicalJSON.text(OrderLabel(order)),
            BuilderLabel.extensionOrder: try CanonicalJSON.text(OrderLabel(extensionOrder)),
            BuilderLabel.buildpackLayers: try CanonicalJSON.text(LayersLabel(buildpacks)),
            // Tekton's phases take anything but {} for a builder with extensions.
            BuilderLabel.extensionLayers: try CanonicalJSON.text(LayersLabel(extensions)),
            BuilderLabel.mixins: mixins.isEmpty ? "null" : try CanonicalJSON.text(mixins),
            BuilderLabel.lifecycleVersion: metadata.lifecycle.version,
            BuilderLabel.lifecycleAPIs: try CanonicalJSON.text(metadata.lifecycle.apis),
        ]
        if !system.isEmpty { texts[BuilderLabel.system] = try CanonicalJSON.text(system) }
        if let stackID { texts[BuilderLabel.stackID] = stackID }
        return texts
    }
}
