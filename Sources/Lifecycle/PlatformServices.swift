import BuildpackAPI
import Commands
import Diagnostics
import Glibc
import OCIImage
import SystemPackage

/// Everything of the world that a build touches, handed in by the composition root.
package struct PlatformServices: Sendable {
    package var version: String
    /// The folder of all caches: `$XDG_CACHE_HOME/mixpack`.
    package var cacheRoot: FilePath
    /// mixpack's own environment; builds see a scrubbed part of it.
    package var environment: [String: String]
    /// The launcher's executable, which goes into the image.
    package var launcher: FilePath
    package var store: ImageStore
    /// The run image that is asked for; it stands in the store when this returns.
    package var runImage:
        @Sendable (RunImageRequest, _ notice: @escaping @Sendable (String) -> Void) async throws -> RunImage
    /// A builder, with its root unpacked on this machine.
    package var builder:
        @Sendable (
            ImagePlace, _ notice: @escaping @Sendable (String) -> Void,
            _ progress: @escaping @Sendable (_ step: String, _ done: Int64, _ total: Int64) -> Void
        ) async throws -> Builder = { place, _, _ in
            throw Failure(.unsupported, "cannot use the builder \(place)")
        }
    /// What writes to a place; archives call the image by the name.
    package var destination: @Sendable (ImagePlace, _ name: Reference) async throws -> any ImageDestination
    /// The container engine that docker's or podman's command would talk to.
    package var engine: @Sendable () async -> EngineAnswer
    /// What runs an OCI layout without an engine, as the first words of a command; `nil` where nothing does.
    package var layoutCommand: [String]?
    /// An image at a place, and its blobs, which have the digests that the image says.
    package var image: @Sendable (ImagePlace) async throws -> (image: Image, blobs: any BlobSource)
    /// Puts documents beside an image in a registry: a bill of materials, which it makes, and a statement of its origin.
    ///
    /// Returns the digests of their manifests.
    package var attest: @Sendable (AttestedImage) async throws -> [AttachedDocument]
    /// Where an image is that has only a name.
    package var locate: @Sendable (ImagePlace, _ notice: (String) -> Void) async throws -> ImagePlace
    /// Fetches a file of at most so many bytes, and gives the server's status.
    package var download: @Sendable (_ url: String, _ file: FilePath, _ limit: Int64) async throws -> Int
    /// The image at a place, without its blobs, which are read when somebody asks for them; `nil` if there is none.
    package var existing: @Sendable (ImagePlace) async throws -> (image: Image, blobs: any BlobSource)?
    /// What a project's last build used of the caches that all projects share, by the names of `CacheShelves`.
    package var usedEntries: @Sendable (_ project: FilePath, ProjectCache, _ variables: [String: String]) -> [String] =
        {
            _, _, _ in []
        }
    /// Whether a toolchain of another machine runs here, by its folder's name.
    package var fits: @Sendable (_ toolchain: String) -> Bool = { _ in true }
    /// The versions of an image's packages by name, as far as it says; empty if it does not.
    package var packages: @Sendable (Image, any BlobSource) async throws -> [String: String] = { _, _ in [:] }
    /// What runs programs of another platform on this machine.
    package var emulator: @Sendable (Platform) async throws -> ProgramEmulator = { platform in
        throw Failure(.unsupported, "nothing here runs programs for \(platform)")
    }
    /// What an image for another processor has in place of what was made here; its run image stands in the store.
    package var foreign:
        @Sendable (ForeignRequest, _ notice: @escaping @Sendable (String) -> Void) async throws -> ForeignParts = {
            request, _ in throw Failure(.unsupported, "cannot make an image for \(request.platform)")
        }
    /// Where mixpack's own buildpacks are as ordinary ones, for the files of a builder: a buildpackage.
    ///
    /// Throws where they would not start there.
    package var ownBuildpacks: @Sendable (_ root: FilePath) async throws -> ImagePlace = { _ in
        throw Failure(.unsupported, "mixpack's own buildpacks are not here as ordinary ones")
    }
    /// What buildpacks work out in one build; a build starts with an empty one.
    var memory = BuildMemory()
    /// The form of the images that builds make.
    package var form = ImageForm()
    /// Whether the user trusts a project, so that its code may run where there is no sandbox.
    package var trusts: @Sendable (FilePath) -> Bool
    /// What starts the programs of external buildpacks.
    package var runner: any CommandRunner
    /// Seconds of a clock that never goes back.
    package var now: @Sendable () -> Double
    /// Seconds since 1970.
    package var clock: @Sendable () -> Int64

    package init(
        version: String, cacheRoot: FilePath, environment: [String: String], launcher: FilePath, store: ImageStore,
        runImage:
            @escaping @Sendable (RunImageRequest, _ notice: @escaping @Sendable (String) -> Void) async throws ->
            RunImage,
        destination: @escaping @Sendable (ImagePlace, _ name: Reference) async throws -> any ImageDestination,
        engine: @escaping @Sendable () async -> EngineAnswer, layoutCommand: [String]? = ["podman"],
        image: @escaping @Sendable (ImagePlace) async throws -> (image: Image, blobs: any BlobSource) = { place in
            throw Failure(.unsupported, "cannot read \(place)")
        },
        attest: @escaping @Sendable (AttestedImage) async throws -> [AttachedDocument] = { image in
            throw Failure(.unsupported, "cannot put anything beside \(image.name)")
        },
        locate: @escaping @Sendable (ImagePlace, _ notice: (String) -> Void) async throws -> ImagePlace = {
            place, _ in place
        },
        download: @escaping @Sendable (_ url: String, _ file: FilePath, _ limit: Int64) async throws -> Int = {
            url, _, _ in throw Failure(.unsupported, "cannot fetch \(url)")
        },
        existing: @escaping @Sendable (ImagePlace) async throws -> (image: Image, blobs: any BlobSource)? = { _ in
            nil
        },
        trusts: @escaping @Sendable (FilePath) -> Bool = { _ in false },
        runner: any CommandRunner = SubprocessCommandRunner(),
        now: @escaping @Sendable () -> Double, clock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
    ) {
        self.version = version
        self.cacheRoot = cacheRoot
        self.environment = environment
        self.launcher = launcher
        self.store = store
        self.runImage = runImage
        self.destination = destination
        self.engine = engine
        self.layoutCommand = layoutCommand
        self.image = image
        self.attest = attest
        self.locate = locate
        self.download = download
        self.existing = existing
        self.trusts = trusts
        self.runner = runner
        self.now = now
        self.clock = clock
    }

    /// Which run image a build needs.
    package struct RunImageRequest: Sendable, Hashable {
        /// Where it is; `nil` is the one made from this machine.
        package var place: ImagePlace?
        /// Whether processes of external buildpacks need bash, which releases do without.
        package var needsBash: Bool
        /// The project that is built; `nil` where only an image is put on another run image.
        package var project: FilePath? = nil
        package var variables: [String: String] = [:]
        /// Libraries, by name, that the one made from this machine is to have besides the usual ones.
        package var libraries: [String] = []
        /// Programs, by name, that the image is to have besides the usual ones.
        package var programs: [String] = []
        /// The platform that it is for; the one made from this machine has a counterpart for each.
        package var platform = Platform.current

        package init(
            place: ImagePlace?, needsBash: Bool, project: FilePath? = nil, variables: [String: String] = [:],
            libraries: [String] = [], programs: [String] = []
        ) {
            self.place = place
            self.needsBash = needsBash
            self.project = project
            self.variables = variables
            self.libraries = libraries
            self.programs = programs
        }
    }

    /// An image that was pushed, and what is to be said about it.
    package struct AttestedImage: Sendable {
        /// The image; `nil` for an index, whose images have bills of their own.
        package var image: Image?
        package var blobs: any BlobSource
        /// Its name in the registry.
        package var name: Reference
        /// The digest of its manifest there.
        package var digest: Digest
        /// The statement of its origin.
        package var provenance: [UInt8]
    }

    /// What stands beside an image in its registry.
    package struct AttachedDocument: Sendable, Hashable {
        /// What it is, in words.
        package var kind: String
        /// The digest of its manifest.
        package var digest: Digest

        package init(kind: String, digest: Digest) {
            self.kind = kind
            self.digest = digest
        }
    }

    /// What the layers of an application need of a run image.
    package struct LaunchNeeds: Sendable {
        /// The launch layers, by their folders on this machine.
        package var layers: [FilePath]
        /// The files that start processes, by the names that people know them by.
        package var programs: [String: FilePath]
        /// The links of the application beside its layers, by their paths.
        package var links: [String] = []
    }

    /// What came of comparing the two.
    package struct Fit: Sendable {
        /// The run image that has more of what is needed; `nil` is the same.
        package var better: (place: ImagePlace, image: HeldImage)?
        /// What is missing: errors where the application cannot start without it, warnings else.
        package var problems: [Diagnostic]
        /// The paths of links at which the run image has something of its own.
        package var takenPaths: Set<String>

        package init(
            better: (place: ImagePlace, image: HeldImage)? = nil, problems: [Diagnostic] = [],
            takenPaths: Set<String> = []
        ) {
            self.better = better
            self.problems = problems
            self.takenPaths = takenPaths
        }
    }

    /// The image that the application's layers go on top of.
    package struct RunImage: Sendable {
        /// Where it is.
        package var place: ImagePlace
        /// The image.
        package private(set) var image: Image
        /// What keeps its blobs in the store; `nil` where they are elsewhere.
        package private(set) var held: HeldImage?
        /// Where it was pushed to, and its digest there; `nil` is nowhere.
        var published: (names: [Reference], digest: Digest)?
        /// How the platform calls it; `nil` is by its place.
        var named: (image: String, mirrors: [String])?
        /// The programs that were asked for and that the image does not have.
        package var missingPrograms: [String] = []
        /// Reads the image's layers, and makes the image again if the store has other bytes now; `nil` leaves that to whoever
        /// reads them.
        package var whole: (@Sendable (_ notice: @escaping @Sendable (String) -> Void) async throws -> HeldImage)?
        /// Compares what the application needs with what the image has, and adds to the image what can be added.
        package var fit: @Sendable (_ needs: LaunchNeeds, _ notice: @Sendable (String) -> Void) async throws -> Fit

        package init(
            place: ImagePlace, image: Image,
            fit: @escaping @Sendable (_ needs: LaunchNeeds, _ notice: @Sendable (String) -> Void) async throws -> Fit =
                {
                    _, _ in Fit()
                }
        ) {
            self.place = place
            self.image = image
            self.fit = fit
        }

        /// Takes an image of the store, which stays there as long as this value.
        package init(
            place: ImagePlace, held: HeldImage,
            fit: @escaping @Sendable (_ needs: LaunchNeeds, _ notice: @Sendable (String) -> Void) async throws -> Fit =
                {
                    _, _ in Fit()
                }
        ) {
            self.init(place: place, image: held.image, fit: fit)
            self.held = held
        }

        /// Sees to it that the image's layers can be read.
        package mutating func makeWhole(_ notice: @escaping @Sendable (String) -> Void) async throws {
            guard let whole = try await whole?(notice) else { return }
            held = whole
            image = whole.image
        }
    }

    /// An application that was built here, for which an image for another processor is wanted.
    package struct ForeignRequest: Sendable {
        package var platform: Platform
        /// The run image of this machine's image.
        package var runImage: RunImage
        package var project: FilePath
        /// The image to take Erlang's native files from; `nil` is where this machine's come from.
        package var toolchainImage: ImagePlace?
        /// The project's path in the folder that is copied with it; empty where there is none.
        package var contextPath: String
        package var variables: [String: String]
        package var needs: LaunchNeeds
        /// A folder for layers that are others there; what is in it from a build before is removed.
        package var folder: FilePath
    }

    /// What an image for another processor has in place of what was made here.
    package struct ForeignParts: Sendable {
        package var runImage: RunImage
        package var launcher: FilePath
        /// The folders of launch layers with native code, in place of those on this machine; all other layers are shared.
        package var layers: [FilePath: FilePath]
        /// What is missing in the run image.
        package var problems: [Diagnostic]

        package init(
            runImage: RunImage, launcher: FilePath, layers: [FilePath: FilePath], problems: [Diagnostic] = []
        ) {
            self.runImage = runImage
            self.launcher = launcher
            self.layers = layers
            self.problems = problems
        }
    }

    /// What came of looking for a container engine.
    package enum EngineAnswer: Sendable {
        case answers(Engine)
        /// None does: why, and what to try; whether the user named it.
        case silent(Failure, isNamed: Bool)
        /// The user wants none.
        case unwanted
    }

    /// A container engine that answers.
    package struct Engine: Sendable {
        /// The words that people's commands for it begin with, such as `docker --context X`.
        package var command: [String]
        /// What loads images into it under a name.
        package var destination: @Sendable (Reference) -> any ImageDestination

        package init(command: [String], destination: @escaping @Sendable (Reference) -> any ImageDestination) {
            self.command = command
            self.destination = destination
        }
    }
}
