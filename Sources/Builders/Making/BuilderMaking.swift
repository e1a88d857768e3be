import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import Lifecycle
import OCIImage
import SystemPackage

/// Makes a builder: layers and labels as pack writes them, on top of the build image.
///
/// The same recipe gives the same bytes in every folder. Nothing is visible before all of it is right.
package struct BuilderMaking {
    let recipe: BuilderRecipe
    let store: ImageStore

    package init(_ recipe: BuilderRecipe, store: ImageStore) {
        self.recipe = recipe
        self.store = store
    }

    /// Makes the image and gives it its names in the store.
    /// - Parameter names: the names that it gets, by its digest.
    /// - Throws: `Failure`: `usage` for what does not fit together, `unsupportedAPI`, `cannotPlan` for a composite that
    ///   contains itself.
    package func image(names: (Digest) throws(Failure) -> [Reference]) async throws -> HeldImage {
        let checked = try check()
        let transaction = try store.begin()
        do {
            let image = try await image(checked, transaction)
            return try await transaction.commit(image, as: try names(image.digest))
        } catch {
            transaction.cancel()
            throw error
        }
    }

    // MARK: Checks

    /// What follows from the recipe.
    private struct Checked {
        var owner: Owner
        var stackID: String?
        var mixins: [String]
        var order: [[BuildpackReference]]
        var extensionOrder: [[BuildpackReference]]
        var system: SystemBuildpacks
    }

    private func check() throws(Failure) -> Checked {
        let configuration = recipe.buildImage.configuration
        let name = "the build image \(recipe.buildImageName)"
        do throws(Failure) {
            try BuildImage.check(configuration.platform, of: name, for: .current)
            let owner = try BuildImage.owner(of: configuration, named: name)
            let (stackID, mixins) = try stack()
            if let program = recipe.lifecycle.foreignProgram {
                throw Failure(
                    .usage, "the lifecycle's \(program) was built for another processor than \(Platform.current)",
                    advice: "name the lifecycle for \(Platform.current)")
            }
            try checkTargets()
            let buildpacks = ModuleSet(modules: recipe.buildpacks.map(\.module), place: recipe.place)
            let extensions = ModuleSet(modules: recipe.extensions.map(\.module), word: "extension", place: recipe.place)
            let target = BuildImage.target(of: configuration)
            for set in [buildpacks, extensions] {
                try set.checkComposites()
                try set.check(against: recipe.lifecycle.facts, stackID: stackID, target: target)
            }
            return Checked(
                owner: owner, stackID: stackID, mixins: mixins, order: try buildpacks.resolved(recipe.order),
                extensionOrder: try extensions.resolved(recipe.extensionOrder),
                system: SystemBuildpacks(
                    first: try buildpacks.resolved(recipe.system.first, of: "[system.pre]"),
                    last: try buildpacks.resolved(recipe.system.last, of: "[system.post]")))
        } catch {
            switch error.code {
            case .malformed, .unsupported: throw error.coded(.usage)
            default: throw error
            }
        }
    }

    /// The stack's id and mixins: build image and run image have to agree, as pack has it.
    private func stack() throws(Failure) -> (id: String?, mixins: [String]) {
        let labels = recipe.buildImage.configuration.config.labels
        let own = labels[BuilderLabel.stackID].flatMap { $0.isEmpty ? nil : $0 }
        if let id = recipe.stackID, id != own {
            throw Failure(
                .usage,
                "[stack] id is \(id), and the build image \(recipe.buildImageName) has \(own ?? "no stack")",
                advice: "give the build image the label \(BuilderLabel.stackID)=\(id), or leave [stack] id out")
        }
        let mixins = try Self.mixins(labels).filter { !$0.hasPrefix("run:") }
        guard let runImage = recipe.runImage, let name = recipe.runImages.first?.image else { return (own, mixins) }
        try BuildImage.check(runImage.configuration.platform, of: "the run image \(name)", for: .current)
        let runLabels = runImage.configuration.config.labels
        let other = runLabels[BuilderLabel.stackID].flatMap { $0.isEmpty ? nil : $0 }
        guard own == nil || other == own else {
            throw Failure(
                .usage,
                "the run image \(name) has \(other.map { "the stack \($0)" } ?? "no stack"), the build image \(own ?? "")",
                advice: "build image and run image of a builder are of one stack")
        }
        let lacking = Set(mixins.filter { !$0.hasPrefix("build:") }).subtracting(try Self.mixins(runLabels))
        guard lacking.isEmpty else {
            throw Failure(
                .usage,
                "the run image \(name) lacks the build image's mixins \(lacking.sorted().joined(separator: ", "))")
        }
        return (own, mixins)
    }

    private static func mixins(_ labels: [String: String]) throws(Failure) -> [String] {
        guard let text = labels[BuilderLabel.mixins], !text.isEmpty else { return [] }
        return try CanonicalJSON.decode(
            [String]?.self, from: Array(text.utf8), what: "the label \(BuilderLabel.mixins)") ?? []
    }

    private func checkTargets() throws(Failure) {
        let target = BuildImage.target(of: recipe.buildImage.configuration)
        guard !recipe.targets.isEmpty, !recipe.targets.contains(where: { $0.matches(target) }) else { return }
        throw Failure(
            .usage,
            "[[targets]] names \(recipe.targets.map(\.text).joined(separator: ", ")), the build image "
                + "\(recipe.buildImageName) is for \(target.text)",
            advice: "make a builder for each target, and join them: mixpack index REF IMAGE...")
    }

    // MARK: The image

    private func image(_ checked: Checked, _ transaction: StoreTransaction) async throws -> Image {
        var builder = ImageBuilder(base: recipe.buildImage)
        builder.configuration.created = CreationTime.fixedText
        let layers = BuilderLayers(owner: checked.owner)
        func add(_ contents: LayerContents, _ words: String) async throws {
            builder.append(try await transaction.addLayer(contents).layer, createdBy: words)
        }
        try await add(layers.folders, "Folders")
        try await add(recipe.lifecycle.contents, "Lifecycle: \(recipe.lifecycle.facts.version)")
        var labels = BuilderLabels(metadata: metadata, order: recipe.order, buildpacks: [])
        labels.buildpacks = try await addModules(recipe.buildpacks, .buildpack, to: &builder, transaction)
        labels.extensions = try await addModules(recipe.extensions, .extension, to: &builder, transaction)
        for file in layers.files(
            order: checked.order, extensionOrder: checked.extensionOrder, system: checked.system,
            runImages: recipe.runImages, environment: recipe.environmentFiles)
        {
            try Task.checkCancellation()
            try await add(file.contents, file.words)
        }
        labels.extensionOrder = recipe.extensionOrder
        labels.system = recipe.system
        labels.mixins = checked.mixins
        labels.stackID = checked.stackID
        builder.configuration.config.workingDirectory = "/layers"
        builder.configuration.config.labels.merge(recipe.labels) { $1 }
        builder.configuration.config.labels.merge(try labels.texts()) { $1 }
        return try builder.image()
    }

    /// Adds the layers of modules, each once, and says in which layer each module is.
    private func addModules(
        _ modules: [LoadedModule], _ kind: LoadedModule.Kind, to builder: inout ImageBuilder,
        _ transaction: StoreTransaction
    ) async throws -> [BuilderModule] {
        var there: Set<Digest> = []
        var result: [BuilderModule] = []
        for loaded in modules.sorted(by: { $0.module.title < $1.module.title }) {
            try Task.checkCancellation()
            let layer: ImageLayer
            switch loaded.content {
            case .folder(let folder):
                layer = try await transaction.addLayer(BuilderLayers.module(loaded.module, in: folder, kind)).layer
            case .layer(let other, let blobs):
                layer = there.contains(other.diffID) ? other : try await transaction.addPlainLayer(other, from: blobs)
            }
            if there.insert(layer.diffID).inserted {
                builder.append(layer, createdBy: "\(kind.word): \(loaded.module.title)")
            }
            var module = loaded.module
            module.layer = layer.diffID
            result.append(module)
        }
        return result
    }

    private var metadata: BuilderMetadata {
        var metadata = BuilderMetadata()
        metadata.description = recipe.description
        metadata.buildpacks = recipe.buildpacks.map { Self.name($0.module) }.sorted {
            ($0.id, $0.version ?? "") < ($1.id, $1.version ?? "")
        }
        metadata.extensions = recipe.extensions.map { Self.name($0.module) }
        metadata.stackRunImage = recipe.runImages.first
        metadata.runImages = recipe.runImages
        metadata.lifecycle = recipe.lifecycle.facts
        metadata.createdBy = BuilderMetadata.Creator(name: "mixpack", version: recipe.version)
        return metadata
    }

    private static func name(_ module: BuilderModule) -> BuilderModuleName {
        BuilderModuleName(id: module.id, version: module.version, name: module.name, homepage: module.homepage)
    }
}
