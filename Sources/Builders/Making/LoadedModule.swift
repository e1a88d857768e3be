import BuildpackAPI
import BuildpackFiles
import Diagnostics
import Files
import LayerArchive
import Lifecycle
import OCIImage
import SystemPackage
import TOMLCoding

/// A buildpack or an extension that goes into a builder, with where its files are.
package struct LoadedModule: Sendable {
    package var module: BuilderModule
    var content: Content
    var warnings: [String] = []

    enum Content: Sendable {
        /// A folder that becomes a layer of its own.
        case folder(FilePath)
        /// A layer of a buildpackage, which may hold several; it goes into the builder as it is.
        case layer(ImageLayer, any BlobSource)
    }

    /// What kind of module a folder holds.
    package enum Kind: Sendable {
        case buildpack, `extension`

        var manifest: String { self == .buildpack ? "buildpack.toml" : "extension.toml" }
        /// The folder of `/cnb` that it goes to.
        var folder: String { self == .buildpack ? "buildpacks" : "extensions" }
        var word: String { self == .buildpack ? "buildpack" : "extension" }
    }

    /// Reads a folder.
    /// - Throws: `Failure` of code `usage`, or `unsupportedAPI`.
    package init(_ folder: FilePath, _ kind: Kind) throws(Failure) {
        do {
            guard folder.isFolder else { throw Failure(.usage, "\(folder) is not a folder") }
            switch kind {
            case .buildpack:
                let manifest = try BuildpackManifest(in: folder)
                module = BuilderModule(id: manifest.id, version: manifest.version, api: manifest.apiText)
                module.name = manifest.name == manifest.id ? nil : manifest.name
                module.homepage = manifest.homepage
                module.stacks = manifest.stacks
                module.targets = manifest.targets
                module.order = manifest.order
                warnings = manifest.warnings
            case .extension: module = try Self.extensionModule(in: folder)
            }
            try Self.check(folder, kind, isComposite: !module.order.isEmpty)
            content = .folder(folder)
        } catch {
            let failure = Failure(error, or: .usage)
            throw failure.code == .unsupportedAPI ? failure : failure.coded(.usage)
        }
    }

    private static func extensionModule(in folder: FilePath) throws -> BuilderModule {
        let file = folder.appending("extension.toml")
        guard file.exists else { throw Failure(.usage, "\(folder) is not an extension: it has no extension.toml") }
        let text = String(decoding: try file.bytes(limit: 1 << 20), as: UTF8.self)
        let root = try TOMLDocument(parsing: text, fileName: file.string, keyMatching: .ignoringCase).root
        let table = try root.table("extension")
        guard let id = try table?.string("id"), !id.isEmpty else {
            throw root.error(at: "extension", "[extension] has no id")
        }
        let api = try root.string("api") ?? ""
        guard let version = APIVersion(api), APIVersion.supported.contains(version) else {
            throw Failure(
                .unsupportedAPI, "extension \(id) uses Buildpack API \"\(api)\", which mixpack does not support")
        }
        var module = BuilderModule(id: id, version: try table?.string("version") ?? "", api: api)
        module.name = try table?.string("name")
        module.homepage = try table?.string("homepage")
        return module
    }

    /// A buildpack without its programs would fail in every build.
    private static func check(_ folder: FilePath, _ kind: Kind, isComposite: Bool) throws {
        guard !isComposite else { return }
        let programs = kind == .buildpack ? ["bin/detect", "bin/build"] : []
        for program in programs where !folder.appending(FilePath(program).components).leadsSomewhere {
            throw Failure(.usage, "the buildpack in \(folder) has no \(program)")
        }
    }
}

/// The buildpacks of a buildpackage, whose layers go into a builder as they are.
struct PackageModules {
    let image: Image
    let blobs: any BlobSource
    let name: String

    /// - Throws: `Failure` of code `usage` for an image that is not a buildpackage, or whose layers hold something else.
    func modules() async throws -> [LoadedModule] {
        let labels = image.configuration.config.labels
        guard labels[Buildpackage.metadataLabel] != nil, let text = labels[BuilderLabel.buildpackLayers] else {
            throw Failure(
                .usage, "\(name) is not a buildpackage: it has no label \(Buildpackage.metadataLabel)",
                advice: "name an image or an archive that pack buildpack package made")
        }
        let label = try CanonicalJSON.decode(LayersLabel.self, from: Array(text.utf8), what: "the labels of \(name)")
        let layers = Dictionary(image.layers.map { ($0.diffID, $0) }) { first, _ in first }
        var found: [LoadedModule] = []
        for module in label.modules {
            guard let layer = module.layer.flatMap({ layers[$0] }) else {
                throw Failure(.usage, "\(name) does not have the layer of \(module.title)")
            }
            found.append(LoadedModule(module: module, content: .layer(layer, blobs)))
        }
        for layer in Set(found.compactMap(\.module.layer)).compactMap({ layers[$0] }) { try await check(layer) }
        return found
    }

    /// A layer of a buildpackage has buildpacks and nothing else: what it had besides would go into every builder.
    private func check(_ layer: ImageLayer) async throws {
        let reader = try TarReader(try await blobs.blob(layer.descriptor).input)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            let parts = entry.path.split(separator: "/").map(String.init).filter { $0 != "." }
            let isInside = parts.prefix(2).elementsEqual(["cnb", "buildpacks"].prefix(parts.count))
            guard isInside, !parts.contains("..") else {
                throw Failure(.usage, "\(name) has \(entry.path), which is not in /cnb/buildpacks")
            }
        }
    }
}

extension LoadedModule {
    /// The buildpacks of a buildpackage.
    /// - Parameter name: what a message calls the package.
    /// - Throws: `Failure` of code `usage` for an image that is not a buildpackage, or whose layers hold something else.
    package static func modules(
        of image: Image, from blobs: any BlobSource, named name: String
    ) async throws -> [LoadedModule] {
        try await PackageModules(image: image, blobs: blobs, name: name).modules()
    }

    /// Adopts a module of a package.
    init(module: BuilderModule, content: Content) {
        self.module = module
        self.content = content
    }
}
