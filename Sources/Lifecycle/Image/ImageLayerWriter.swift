import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// A layer of the application image, written to the store's staging place.
struct WrittenLayer {
    enum Source {
        case folder(FilePath)
        case part(of: FilePath)
        case text(String)
        /// The image before: there is only its tar.
        case imageBefore
        /// Nothing that a user or a buildpack could put anything into.
        case fixed
    }

    var layer: ImageLayer
    var createdBy: String
    var summary: LayerSummary
    var source: Source
}

/// The layers on top of the run image.
struct WrittenLayers {
    var launch: [WrittenLayer] = []
    var bills: WrittenLayer?
    /// The application's folder: its slices, and what is left.
    var app: [WrittenLayer]
    /// Whether buildpacks left nothing in the application's folder, so that its layer is always the same.
    var isAppEmpty: Bool
    var launcher: WrittenLayer
    var config: WrittenLayer
    var processTypes: WrittenLayer?
    var links: WrittenLayer?

    /// All of them, from the bottom up: those that change least come first.
    ///
    /// A container engine registers again each layer above a changed one, which takes longer than its bytes. The
    /// specification says what an image is composed of, not in which order. The last launch layer has the application's own
    /// code, which changes more often than what the image is made of.
    var all: [WrittenLayer] {
        [launcher, config] + [processTypes, links].compactMap(\.self) + (isAppEmpty ? app : []) + launch.dropLast()
            + [bills].compactMap(\.self) + launch.suffix(1) + (isAppEmpty ? [] : app)
    }
}

/// Writes the layers of an application image
/// ([CNB Platform specification, Exporter](https://github.com/buildpacks/spec/blob/main/platform.md#exporter)).
struct ImageLayerWriter {
    let transaction: StoreTransaction
    let built: BuiltLayers
    let launcher: FilePath
    /// Links of the image beside the layers.
    let links: [String: String]
    let cache: ProjectCache
    let previous: PreviousImage?
    let form: ImageForm
    let emit: EventEmitter

    /// What the store made of a layer's contents.
    private typealias Added = (layer: ImageLayer, content: ContentSize, wasThere: Bool)

    /// Writes them, those of buildpacks' folders up to four at a time; they are told of in order.
    func write() async throws -> WrittenLayers {
        async let folders = addedFolders()
        let launcherLayer = try await add(
            .launcher(launcher), named: "launcher", createdBy: "Buildpacks Application Launcher")
        let metadata = LauncherMetadata(
            group: built.parts.map(\.buildpack), processes: built.processes, defaultProcess: built.defaultProcess,
            labels: built.parts.flatMap { $0.result.labels.sorted { $0.key < $1.key } },
            slices: built.slices, platformAPI: form.platformAPI)
        let config = try await add(
            .config(metadata.text, form), named: "config", createdBy: "Buildpacks Launcher Config",
            from: .text(metadata.text)
        )
        let types = built.processes.map(\.process.type)
        let processTypes =
            types.isEmpty
            ? nil : try await add(.processTypes(types), named: "process-types", createdBy: "Buildpacks Process Types")
        let links = try await linksLayer()
        let launch = try await launchLayers(try await folders)
        let bills = try await billsLayer()
        let app = try await appLayers()
        return WrittenLayers(
            launch: launch, bills: bills, app: app, isAppEmpty: try isAppEmpty, launcher: launcherLayer,
            config: config, processTypes: processTypes, links: links)
    }

    private func linksLayer() async throws -> WrittenLayer? {
        guard !links.isEmpty else { return nil }
        let names = links.keys.sorted().joined(separator: ", ")
        return try await add(.links(links), named: "links", createdBy: "mixpack: links: \(names)")
    }

    /// Adds the launch layers that have folders; the keys are the folders.
    private func addedFolders() async throws -> [FilePath: Added] {
        let layers = built.parts.flatMap { part in Self.launchLayers(of: part).map { (part, $0) } }
        return try await withThrowingTaskGroup(of: (FilePath, Added).self) { group in
            var added: [FilePath: Added] = [:]
            for (index, (part, layer)) in layers.filter({ Self.hasFolder($1, $0) }).enumerated() {
                if index >= 4, let (folder, one) = try await group.next() { added[folder] = one }
                group.addTask {
                    try Task.checkCancellation()
                    return (
                        part.folder(of: layer),
                        try await transaction.addLayer(
                            contents(of: layer, part),
                            expecting: previous?.diffID(buildpack: part.buildpack.id, layer: layer.name))
                    )
                }
            }
            for try await (folder, one) in group { added[folder] = one }
            return added
        }
    }

    private static func launchLayers(of part: BuiltLayers.Part) -> [LayerContribution] {
        part.result.layers.filter { $0.types.contains(.launch) }.sorted { $0.name < $1.name }
    }

    /// Whether a layer is in a folder: what an external buildpack leaves out is taken from the image before.
    private static func hasFolder(_ layer: LayerContribution, _ part: BuiltLayers.Part) -> Bool {
        !part.isExternal || part.folder(of: layer).exists
    }

    private func contents(of layer: LayerContribution, _ part: BuiltLayers.Part) -> LayerContents {
        .layer(
            part.folder(of: layer), buildpack: part.buildpack.id, name: layer.name, isExternal: part.isExternal,
            form)
    }

    private func launchLayers(_ folders: [FilePath: Added]) async throws -> [WrittenLayer] {
        var written: [WrittenLayer] = []
        for part in built.parts {
            for layer in Self.launchLayers(of: part) {
                try Task.checkCancellation()
                written.append(try await launchLayer(layer, of: part, folders[part.folder(of: layer)]))
            }
            guard !part.isExternal else { continue }
            for layer in part.result.layers where !layer.types.contains(.launch) {
                emit(.layer(.cached, LayerSummary(layer, of: part.buildpack.id, in: part.layersDirectory)))
            }
        }
        return written
    }

    private func launchLayer(
        _ layer: LayerContribution, of part: BuiltLayers.Part, _ added: Added?
    ) async throws -> WrittenLayer {
        let id = part.buildpack.id
        let createdBy = "Layer: '\(layer.name)', Created by buildpack: \(id)@\(part.buildpack.version)"
        guard let added else { return try await reused(layer, of: part, createdBy: createdBy) }
        let folder = part.folder(of: layer)
        return written(
            added, buildpack: id, named: layer.name, types: layer.types, reason: layer.reason,
            directory: layer.folder == nil ? folder : nil,
            createdBy: createdBy, from: .folder(folder))
    }

    /// The layer of the image before: an external buildpack says so by leaving out the folder.
    private func reused(
        _ layer: LayerContribution, of part: BuiltLayers.Part, createdBy: String
    ) async throws -> WrittenLayer {
        let id = part.buildpack.id
        guard !layer.types.contains(.cache) else {
            throw Failure(.malformed, "layer '\(layer.name)' of \(id) is cache=true but has no contents")
        }
        guard let diffID = previous?.labelled(buildpack: id, layer: layer.name), let previous,
            let kept = try await kept(diffID, of: previous, named: "\(id):\(layer.name)")
        else {
            throw Failure(
                .malformed,
                "cannot reuse '\(id):\(layer.name)', previous image has no metadata for layer '\(id):\(layer.name)'")
        }
        let summary = LayerSummary(
            buildpack: id, name: layer.name, types: layer.types, size: kept.descriptor.size, diffID: diffID,
            reason: "kept from the previous image")
        emit(.layer(.reused, summary))
        return WrittenLayer(layer: kept, createdBy: createdBy, summary: summary, source: .imageBefore)
    }

    /// A layer of the previous image, in the store.
    ///
    /// The store has whole images: what is only at another place is fetched, and kept as a plain tar, so that the image has the
    /// digest that it has on the machine which made the layer.
    private func kept(_ diffID: Digest, of previous: PreviousImage, named name: String) async throws -> ImageLayer? {
        guard let layer = previous.layer(diffID) else { return nil }
        guard let place = previous.place else { return transaction.reuseLayer(layer) ? layer : nil }
        if let there = transaction.reusePlainLayer(diffID) { return there }
        let kilobytes = max(1, layer.descriptor.size / 1024)
        emit(.notice("fetching the layer \(name) from \(place) (\(kilobytes) kB): the image store does not have it"))
        return try await transaction.addPlainLayer(layer, from: previous.blobs)
    }

    private func billsLayer() async throws -> WrittenLayer? {
        let folder = BillFolders(layers: cache.layers).launch
        guard folder.isFolder else { return nil }
        return try await add(
            .bills(folder, name: "launch", form), named: "sbom", createdBy: "Software Bill-of-Materials",
            from: .folder(folder))
    }

    /// Whether no buildpack left anything in the application's folder.
    private var isAppEmpty: Bool {
        get throws { try !built.hasWorkspace || division.isEmpty }
    }

    private var division: SliceDivision {
        SliceDivision(folder: cache.workspace, slices: built.slices, form: form, omitted: built.omitted)
    }

    /// The application's folder: empty, unless external buildpacks worked in it.
    private func appLayers() async throws -> [WrittenLayer] {
        guard built.hasWorkspace else {
            return [try await add(.app(form), named: "app", createdBy: "Application Layer")]
        }
        let contents = try division.layers()
        var written: [WrittenLayer] = []
        for (index, layer) in contents.enumerated() {
            let isWhole = contents.count == 1
            written.append(
                try await add(
                    layer, named: isWhole ? "app" : "app \(index + 1)",
                    createdBy: isWhole ? "Application Layer" : "Application Slice: \(index + 1)",
                    from: isWhole ? .folder(cache.workspace) : .part(of: cache.workspace)))
        }
        return written
    }

    /// Adds a layer that no buildpack made.
    private func add(
        _ contents: LayerContents, named name: String, createdBy: String, from source: WrittenLayer.Source = .fixed
    ) async throws -> WrittenLayer {
        let added = try await transaction.addLayer(
            contents, expecting: previous?.diffID(buildpack: nil, layer: name))
        return written(added, named: name, createdBy: createdBy, from: source)
    }

    /// Tells of a layer that was added.
    private func written(
        _ added: Added, buildpack: String? = nil, named name: String, types: LayerTypes = .launch, reason: String = "",
        directory: FilePath? = nil, createdBy: String, from source: WrittenLayer.Source
    ) -> WrittenLayer {
        let isSame = previous?.diffID(buildpack: buildpack, layer: name) == added.layer.diffID
        let summary = LayerSummary(
            buildpack: buildpack, name: name, types: types, size: added.content.bytes, files: added.content.files,
            diffID: added.layer.diffID,
            reason: isSame ? "same content as in the previous image" : reason.isEmpty ? nil : reason,
            directory: directory?.string)
        emit(.layer(isSame || added.wasThere ? .reused : .exported, summary))
        return WrittenLayer(layer: added.layer, createdBy: createdBy, summary: summary, source: source)
    }
}
