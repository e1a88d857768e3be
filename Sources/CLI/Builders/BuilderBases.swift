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
    /// The folder that builder.toml's paths are relative to.
    var folder: FilePath

    /// What was found.
    struct Found {
        /// The build image; its blobs are in the store.
        var buildImage: Image
        var buildImageName: String
        var runImages: [BuilderRunImage]
        /// The first run image, as far as it can be had.
        var runImage: Image?
    }

    /// Finds them.
    /// - Parameter file: builder.toml; `nil` if there is none.
    /// - Throws: `Failure` of code `usage`.
    func find(_ file: BuilderFile?, _ notice: (String) -> Void) async throws -> Found {
        guard let name = buildImage ?? file?.buildImage else {
            throw Failure(
                .usage, "no build image: mixpack needs the image that builds run in",
                advice: "name one with --build-image PLACE, or in builder.toml with --config FILE")
        }
        let place = try place(name, "the build image", isOfFile: buildImage == nil)
        let image = try await imported(place, as: "build-image", what: "the build image \(name)", notice)
        let (runImages, runImage) = try await runImages(file, notice)
        return Found(buildImage: image, buildImageName: name, runImages: runImages, runImage: runImage)
    }

    private func runImages(
        _ file: BuilderFile?, _ notice: (String) -> Void
    ) async throws -> (names: [BuilderRunImage], first: Image?) {
        if let runImage { return try await named(runImage, notice) }
        guard let file, var first = file.runImages.first else {
            throw Failure(
                .usage, "no run image: mixpack needs the image that applications run on",
                advice: "name one with --run-image PLACE, or in builder.toml with --config FILE")
        }
        for name in file.runImages.flatMap({ [$0.image] + $0.mirrors }) { _ = try reference(name) }
        first.mirrors += mirrors.filter { !first.mirrors.contains($0) }
        let names = [first] + file.runImages.dropFirst()
        let place = await wiring.located(.store(try reference(first.image)), notice)
        do {
            guard let found = try await wiring.existing(place) else {
                throw Failure(.notFound, "there is no such image")
            }
            return (names, found.image)
        } catch let error as Failure {
            // The builder only names it: who builds has to have it.
            notice("warning: the run image \(first.image) cannot be looked at: \(error.message)")
            return (names, nil)
        }
    }

    /// The run image of the command line, by a name that others can use.
    private func named(
        _ text: String, _ notice: (String) -> Void
    ) async throws -> (names: [BuilderRunImage], first: Image?) {
        let mirrors = try mirrors.map { try reference($0).description }
        let place = await wiring.located(try place(text, "the run image", isOfFile: false), notice)
        let image = try await imported(place, as: "named-run-image", what: "the run image \(text)", notice)
        switch place {
        case .store(let name), .registry(let name), .engine(let name):
            return ([BuilderRunImage(image: name.description, mirrors: mirrors)], image)
        case .layout, .layoutArchive, .dockerArchive:
            // A file has no name that others can pull it by: the first mirror is one.
            let name =
                try mirrors.first.map { try Reference($0) }
                ?? Reference("\(Reference.ownRegistry)/builder-run-image:\(image.digest.short)")
            if mirrors.isEmpty {
                notice("the run image has a name on this machine only; --mirror REF gives one that others can pull")
            }
            let transaction = try wiring.store.begin()
            try await transaction.commit(image, as: [name])
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
        _ place: ImagePlace, as kind: String, what: String, _ notice: (String) -> Void
    ) async throws -> Image {
        let place = await wiring.located(place, notice)
        if case .registry = place { notice("reading \(what) at \(place)") }
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
