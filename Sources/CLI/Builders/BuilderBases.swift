import Builders
import Diagnostics
import Files
import OCIImage
import SystemPackage

/// The build image and the run images of a builder: where they come from, and what they are.
struct BuilderBases {
    let wiring: Wiring
    /// The build image that the command line names; it goes before the file's.
    var buildImage: String?
    /// The run image that the command line names; it goes before the file's.
    var runImage: String?
    /// More names of the run image.
    var mirrors: [String] = []
    /// What the images are made from that nothing names.
    var stack: StackSource.Origin = .machine
    /// Whether they are made even if builder.toml names some.
    var isStackAsked = false
    /// The names under which a run image that is made here is going to be pushed, the builder's own first.
    var runImageNames: [Reference] = []
    /// The folder that builder.toml's paths are relative to.
    var folder: FilePath

    /// What was found.
    struct Found {
        /// The build image.
        var buildImage: HeldImage
        var buildImageName: String
        var runImages: [BuilderRunImage]
        /// The first run image, as far as it can be had.
        var runImage: Image?
        /// The same where it is in the store.
        var heldRunImage: HeldImage?
        /// Where the run image has to be pushed to, because the builder names it so.
        var runImagePushes: [Reference] = []
    }

    /// Finds them.
    /// - Parameter file: builder.toml; `nil` if there is none.
    /// - Throws: `Failure` of code `usage`.
    func find(_ file: BuilderFile?, _ notice: @escaping @Sendable (String) -> Void) async throws -> Found {
        let (names, runImage, held, pushes) = try await runImages(file, notice)
        var found = try await foundBuildImage(file, notice)
        (found.runImages, found.runImage, found.heldRunImage) = (names, runImage ?? held?.image, held)
        found.runImagePushes = pushes
        return found
    }

    private func foundBuildImage(
        _ file: BuilderFile?, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Found {
        let fromFile = isStackAsked ? nil : file?.buildImage
        guard let name = buildImage ?? fromFile else {
            let made = try await StackSource(wiring: wiring, origin: stack).buildImage(notice: notice)
            return Found(buildImage: made.held, buildImageName: made.reference.description, runImages: [])
        }
        let place = try place(name, "the build image", isOfFile: buildImage == nil)
        let image = try await imported(place, as: .buildImage, what: "the build image \(name)", notice)
        return Found(buildImage: image, buildImageName: name, runImages: [])
    }

    private typealias RunImages = (names: [BuilderRunImage], first: Image?, held: HeldImage?, pushes: [Reference])

    private func runImages(
        _ file: BuilderFile?, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> RunImages {
        if let runImage {
            let (names, image) = try await named(runImage, notice)
            return (names, nil, image, [])
        }
        guard let file, !isStackAsked, var first = file.runImages.first else { return try await made(notice) }
        for name in file.runImages.flatMap({ [$0.image] + $0.mirrors }) { _ = try reference(name) }
        first.mirrors += mirrors.filter { !first.mirrors.contains($0) }
        let names = [first] + file.runImages.dropFirst()
        let place = await wiring.located(.store(try reference(first.image)), notice)
        do {
            guard let found = try await wiring.existing(place) else {
                throw Failure(.notFound, "there is no such image")
            }
            return (names, found.image, nil, [])
        } catch let error as Failure {
            // The builder only names it: who builds has to have it.
            notice("warning: the run image \(first.image) cannot be looked at: \(error.message)")
            return (names, nil, nil, [])
        }
    }

    /// The run image that is made here, by names that others can use once it is pushed to them.
    private func made(_ notice: @escaping @Sendable (String) -> Void) async throws -> RunImages {
        let mirrors = try mirrors.map { try reference($0) }
        let made = try await StackSource(wiring: wiring, origin: stack).runImage(notice: notice)
        let names = (runImageNames + mirrors).map(\.description)
        guard let first = names.first else {
            notice(
                "the run image \(made.reference) is on this machine only; for others publish one, and name it with "
                    + "--run-image or --mirror")
            return ([BuilderRunImage(image: made.reference.description, mirrors: [])], nil, made.held, [])
        }
        return ([BuilderRunImage(image: first, mirrors: Array(names.dropFirst()))], nil, made.held, runImageNames)
    }

    /// The run image of the command line, by a name that others can use.
    private func named(
        _ text: String, _ notice: (String) -> Void
    ) async throws -> (names: [BuilderRunImage], image: HeldImage) {
        let mirrors = try mirrors.map { try reference($0).description }
        let place = await wiring.located(try place(text, "the run image", isOfFile: false), notice)
        let image = try await imported(place, as: .namedRunImage, what: "the run image \(text)", notice)
        switch place {
        case .store(let name), .registry(let name), .engine(let name):
            return ([BuilderRunImage(image: name.description, mirrors: mirrors)], image)
        case .layout, .layoutArchive, .dockerArchive:
            // A file has no name that others can pull it by: the first mirror is one.
            let name =
                try mirrors.first.map { try Reference($0) }
                ?? OwnImage.builderRunImage.reference(image.image.digest.short)
            if mirrors.isEmpty {
                notice("the run image has a name on this machine only; --mirror REF gives one that others can pull")
            }
            let transaction = try wiring.store.begin()
            try await transaction.commit(image.image, as: [name])
            return ([BuilderRunImage(image: name.description, mirrors: Array(mirrors.dropFirst()))], image)
        }
    }

    private func reference(_ text: String) throws(Failure) -> Reference {
        let plain = text.hasPrefix("docker://") ? String(text.dropFirst("docker://".count)) : text
        do { return try Reference(plain) } catch {
            throw Failure(.usage, "the run image \(text) is not a name that can be pulled: \(error.message)")
        }
    }

    /// A name or a place; the paths of builder.toml are relative to it.
    private func place(_ text: String, _ what: String, isOfFile: Bool) throws(Failure) -> ImagePlace {
        do throws(Failure) {
            let place = try NamedImage.place(text)
            return isOfFile ? place.relative(to: folder) : place.absolute(wiring.machine)
        } catch {
            throw error.failing("\(what) \(text)", as: .usage)
        }
    }

    /// Copies an image into the store.
    private func imported(
        _ place: ImagePlace, as kind: OwnImage, what: String, _ notice: (String) -> Void
    ) async throws -> HeldImage {
        let place = await wiring.located(place, notice)
        if place.isRegistry { notice("reading \(what) at \(place)") }
        do {
            return try await wiring.imported(place, as: kind)
        } catch let error as Failure {
            throw error.failing(what, as: .usage)
        }
    }
}

extension ImagePlace {
    /// The place with its path taken from a folder where it is relative.
    fileprivate func relative(to folder: FilePath) -> ImagePlace {
        func absolute(_ path: FilePath) -> FilePath {
            path.isAbsolute ? path : folder.pushing(path).lexicallyNormalized()
        }
        switch self {
        case .layout(let path, let tag): return .layout(absolute(path), tag: tag)
        case .layoutArchive(let path): return .layoutArchive(absolute(path))
        case .dockerArchive(let path): return .dockerArchive(absolute(path))
        case .engine, .registry, .store: return self
        }
    }
}
