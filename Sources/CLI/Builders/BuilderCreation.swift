import Builders
import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// Makes a builder from builder.toml, or of mixpack's own buildpacks, and writes it to places.
struct BuilderCreation {
    let wiring: Wiring
    /// builder.toml; `nil` makes a builder of mixpack's own buildpacks.
    var file: FilePath?
    var buildImage: String?
    var runImage: String?
    var mirrors: [String] = []
    var lifecycle: String?
    /// What the images are made from that nothing names.
    var stack: StackSource.Origin = .machine
    /// Whether they are made even if builder.toml names some.
    var isStackAsked = false
    /// More labels for the image.
    var labels: [String: String] = [:]

    /// What was made.
    struct Made {
        var image: HeldImage
        var recipe: BuilderRecipe
        /// The run image, where it is in the store.
        var runImage: HeldImage?
        /// Where the run image has to be pushed to, because the builder names it so.
        var runImagePushes: [Reference] = []
    }

    /// Makes the builder; the image store has it under the names of the places.
    /// - Throws: `Failure`.
    func make(
        for places: [ImagePlace], _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Made {
        let description = try file.map { try BuilderFile($0) }
        description?.warnings.forEach { notice("warning: \($0)") }
        let parent = wiring.machine.cacheRoot.appending(".builders")
        HeldFolder.removeAbandoned(in: parent, prefix: "builder-")
        let scratch = try HeldFolder(in: parent, prefix: "builder-")
        defer { scratch.remove() }
        let folder = file?.removingLastComponent() ?? wiring.machine.currentDirectory
        let bases = try await BuilderBases(
            wiring: wiring, buildImage: buildImage, runImage: runImage, mirrors: mirrors, stack: stack,
            isStackAsked: isStackAsked, runImageNames: try places.compactMap { try $0.runImageName }, folder: folder
        ).find(description, notice)
        let programs = try await LifecycleSource(wiring: wiring, folder: folder, scratch: scratch.path)
            .programs(lifecycle, description?.lifecycle, notice)
        var recipe = BuilderRecipe(
            buildImage: bases.buildImage.image, named: bases.buildImageName, runImages: bases.runImages,
            lifecycle: programs, version: ProgramVersion.text)
        recipe.runImage = bases.runImage
        recipe.labels = labels
        if let description {
            recipe.take(description)
            let loading = ModuleLoading(
                services: wiring.services, folder: folder, scratch: scratch.path.appending("buildpacks"))
            recipe.buildpacks = try await loading.modules(of: description.buildpacks, .buildpack, notice)
            recipe.extensions = try await loading.modules(of: description.extensions, .extension, notice)
        } else {
            try await addOwnBuildpacks(&recipe)
        }
        defer { withExtendedLifetime(bases) {} }
        let image = try await BuilderMaking(recipe, store: wiring.store).image { digest throws(Failure) in
            let named = places.compactMap(\.name)
            return named.isEmpty ? [try OwnImage.builder.reference(digest.short)] : named
        }
        return Made(
            image: image, recipe: recipe, runImage: bases.heldRunImage, runImagePushes: bases.runImagePushes)
    }

    private func addOwnBuildpacks(_ recipe: inout BuilderRecipe) async throws {
        let (image, name) = try await BuildpackPackages(wiring: wiring).image()
        recipe.description = "Elixir projects with mix, by mixpack"
        recipe.buildpacks = try await LoadedModule.modules(of: image.image, from: image, named: "\(name)")
        recipe.order = wiring.buildpacks.order
    }

    /// Writes the builder to a place besides the store.
    func write(_ image: HeldImage, to place: ImagePlace) async throws -> Digest {
        let name = try place.name ?? Reference("builder")
        let destination = try await wiring.services.destination(place, name)
        return try await destination.write(image.image, from: image, progress: nil).manifestDigest
    }
}

extension ImagePlace {
    /// Beside a builder in a registry, `R:T`, the name of its run image: `R-run:T`.
    var runImageName: Reference? {
        get throws(Failure) {
            guard case .registry(let name) = self else { return nil }
            return try Reference("\(name.fullRepository)-run:\(name.layoutTag)")
        }
    }

    /// The name of an image there; `nil` if a file or a folder is all.
    var name: Reference? {
        switch self {
        case .store(let name), .registry(let name), .engine(let name): name
        case .layout, .layoutArchive, .dockerArchive: nil
        }
    }
}
