import OCIImage

/// The value of the label `io.buildpacks.builder.metadata`: what a builder says about itself.
///
/// pack's own JSON: whatever is missing or null counts as empty when it is read, and everything is there when it is written.
package struct BuilderMetadata: Sendable, Hashable {
    package var description = ""
    /// Every buildpack, composites and their children.
    package var buildpacks: [BuilderModuleName] = []
    package var extensions: [BuilderModuleName] = []
    /// The run image for readers from before `images`.
    package var stackRunImage: BuilderRunImage?
    package var runImages: [BuilderRunImage] = []
    package var lifecycle = LifecycleFacts()
    package var createdBy = Creator()

    package init() {}

    /// The program that made the builder.
    package struct Creator: Sendable, Hashable, Codable {
        package var name: String
        package var version: String

        package init(name: String = "", version: String = "") {
            self.name = name
            self.version = version
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            name = try fields.decodeIfPresent(String.self, forKey: .name) ?? ""
            version = try fields.decodeIfPresent(String.self, forKey: .version) ?? ""
        }
    }

    /// The run images: `images`, else the stack's.
    package var allRunImages: [BuilderRunImage] {
        let named = runImages.filter { !$0.image.isEmpty }
        if !named.isEmpty { return named }
        return stackRunImage.map { [$0] } ?? []
    }
}

/// A buildpack's or an extension's name in the metadata.
package struct BuilderModuleName: Sendable, Hashable, Codable {
    package var id: String
    package var version: String?
    package var name: String?
    package var homepage: String?

    package init(id: String, version: String?, name: String? = nil, homepage: String? = nil) {
        self.id = id
        self.version = version
        self.name = name
        self.homepage = homepage
    }
}

/// A run image of a builder, and where else it can be had.
package struct BuilderRunImage: Sendable, Hashable, Codable {
    package var image: String
    package var mirrors: [String]

    package init(image: String, mirrors: [String] = []) {
        self.image = image
        self.mirrors = mirrors
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        image = try fields.decodeIfPresent(String.self, forKey: .image) ?? ""
        mirrors = try fields.decodeIfPresent([String].self, forKey: .mirrors) ?? []
    }
}

extension BuilderMetadata: Codable {
    private enum CodingKeys: String, CodingKey {
        case description, buildpacks, extensions, stack, images, lifecycle, createdBy
    }

    private enum StackKeys: String, CodingKey { case runImage }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        description = try fields.decodeIfPresent(String.self, forKey: .description) ?? ""
        buildpacks = try fields.decodeIfPresent([BuilderModuleName].self, forKey: .buildpacks) ?? []
        extensions = try fields.decodeIfPresent([BuilderModuleName].self, forKey: .extensions) ?? []
        runImages = try fields.decodeIfPresent([BuilderRunImage].self, forKey: .images) ?? []
        lifecycle = try fields.decodeIfPresent(LifecycleFacts.self, forKey: .lifecycle) ?? LifecycleFacts()
        createdBy = try fields.decodeIfPresent(Creator.self, forKey: .createdBy) ?? Creator()
        guard fields.contains(.stack), try !fields.decodeNil(forKey: .stack) else { return }
        let stack = try fields.nestedContainer(keyedBy: StackKeys.self, forKey: .stack)
        let runImage = try stack.decodeIfPresent(BuilderRunImage.self, forKey: .runImage)
        stackRunImage = runImage.flatMap { $0.image.isEmpty ? nil : $0 }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(description, forKey: .description)
        try fields.encode(buildpacks, forKey: .buildpacks)
        // pack writes null for none.
        try fields.encode(extensions.isEmpty ? nil : extensions, forKey: .extensions)
        var stack = fields.nestedContainer(keyedBy: StackKeys.self, forKey: .stack)
        try stack.encode(stackRunImage ?? BuilderRunImage(image: ""), forKey: .runImage)
        try fields.encode(runImages, forKey: .images)
        try fields.encode(lifecycle, forKey: .lifecycle)
        try fields.encode(createdBy, forKey: .createdBy)
    }
}
