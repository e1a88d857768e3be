import Diagnostics
import OCIImage

/// What a build made: the content of the `finished` event.
package struct BuildReport: Sendable, Hashable, Codable {
    /// How long a phase took.
    package struct PhaseTime: Sendable, Hashable, Codable {
        package var phase: Phase
        package var seconds: Double

        package init(phase: Phase, seconds: Double) {
            self.phase = phase
            self.seconds = seconds
        }
    }

    /// An image as a registry has it.
    package struct Pushed: Sendable, Hashable, Codable {
        /// The registry's place, as skopeo names it.
        package var place: String
        /// The digest of the manifest there: its layers are compressed, so it is another one than the image store's.
        package var digest: Digest
        /// The size of that manifest in bytes; `nil` in recordings of older builds, and for an index.
        package var manifestSize: Int64?
        /// What pulls this very image: `registry/repository:tag@sha256:…`.
        package var reference: String

        init(_ name: Reference, _ outcome: WriteOutcome) {
            place = ImagePlace.registry(name).description
            digest = outcome.manifestDigest
            manifestSize = outcome.manifestSize
            let plain = name.digest == nil ? name.description : String(name.description.prefix { $0 != "@" })
            reference = "\(plain)@\(digest)"
        }
    }

    /// An index of the images of several platforms.
    package struct Index: Sendable, Hashable, Codable {
        /// One platform's image.
        package struct Entry: Sendable, Hashable, Codable {
            /// Such as `linux/arm64/v8`.
            package var platform: String
            /// The digest of its manifest in the image store.
            package var digest: Digest
        }

        /// The digest in the image store.
        package var digest: Digest
        package var images: [Entry]

        init(_ images: MultiPlatformImage) {
            digest = images.digest
            self.images = images.images.map {
                Entry(platform: $0.configuration.platform.description, digest: $0.digest)
            }
        }
    }

    package var image: String
    /// The digest in the image store.
    package var manifestDigest: Digest
    /// The image ID: the digest of its configuration; what the engine calls it by, where one got it.
    package var imageID: Digest
    /// The places where it stands, as skopeo names them.
    package var places: [String]
    /// Its layers, from the bottom up.
    package var layers: [LayerSummary]
    package var phases: [PhaseTime]
    package var seconds: Double
    /// Whether nothing had changed, so that nothing was run.
    package var isUnchanged: Bool
    /// The command that runs the image, ready to paste.
    package var runCommand: String
    /// The variables that the image needs when it runs.
    package var requiredVariables: [String]
    /// Whether commands ran without a sandbox, so that digests may depend on the folders of the project and the cache.
    ///
    /// `nil` is no.
    package var dependsOnPlace: Bool?
    /// Why no container engine has the image: an error where the user named the engine, else a note.
    ///
    /// `nil` where one has it, or none was asked for.
    package var notLoaded: Diagnostic?
    /// Why the application was not started once although that was asked for: an error if it had to be, else a warning.
    ///
    /// `nil` where it was, or that was not asked for.
    package var notTried: Diagnostic?
    /// How large the image is; `nil` in recordings of older builds.
    package var size: ImageSize?
    /// What the registries have that the image was pushed to; `nil` is none.
    package var pushed: [Pushed]?
    /// The index of all platforms' images; `nil` is one image alone.
    package var index: Index?

    /// The process's exit code: an image that is not where the user wants it, or not tried, is no success.
    package var exitCode: Int32 {
        if notLoaded?.severity == .error { return ExitCode.export }
        return notTried?.severity == .error ? ExitCode.ruleBroken : ExitCode.success
    }

    package init(
        image: String, manifestDigest: Digest, imageID: Digest, places: [String], layers: [LayerSummary],
        phases: [PhaseTime], seconds: Double, isUnchanged: Bool, runCommand: String, requiredVariables: [String],
        dependsOnPlace: Bool? = nil, notLoaded: Diagnostic? = nil, notTried: Diagnostic? = nil,
        size: ImageSize? = nil, pushed: [Pushed]? = nil, index: Index? = nil
    ) {
        self.image = image
        self.manifestDigest = manifestDigest
        self.imageID = imageID
        self.places = places
        self.layers = layers
        self.phases = phases
        self.seconds = seconds
        self.isUnchanged = isUnchanged
        self.runCommand = runCommand
        self.requiredVariables = requiredVariables
        self.dependsOnPlace = dependsOnPlace
        self.notLoaded = notLoaded
        self.notTried = notTried
        self.size = size
        self.pushed = pushed
        self.index = index
    }
}

/// Why a build failed: the content of the `failed` event.
package struct BuildFailure: Sendable, Hashable, Codable {
    /// The phase it failed in; `nil` is before the first.
    package var phase: Phase?
    package var exitCode: Int32
    /// What failed, in one line.
    package var message: String
    /// The file that is at fault, relative to the project's folder, where one is.
    package var file: String?
    /// The line in it, from 1.
    package var line: Int?
    /// What to try; may have several lines, such as a snippet to paste.
    package var advice: String?
    /// Choices that would settle it, such as the names of releases.
    package var choices: [String]
    /// The variable that the choice goes into, such as `RELEASE`.
    package var choiceVariable: String?
    /// The secret that got into the image, which the user may allow.
    package var secret: String?
    /// Files and folders outside the project that its links lead to, which the user may open to the build.
    package var pathsToOpen: [String]?
    /// Whether the user has to trust the project first.
    package var needsTrust: Bool?

    package init(
        phase: Phase? = nil, exitCode: Int32, message: String, file: String? = nil, line: Int? = nil,
        advice: String? = nil, choices: [String] = [], choiceVariable: String? = nil, secret: String? = nil,
        pathsToOpen: [String]? = nil, needsTrust: Bool? = nil
    ) {
        self.phase = phase
        self.exitCode = exitCode
        self.message = message
        self.file = file
        self.line = line
        self.advice = advice
        self.choices = choices
        self.choiceVariable = choiceVariable
        self.secret = secret
        self.pathsToOpen = pathsToOpen
        self.needsTrust = needsTrust
    }

    /// What failed, with the place before it.
    package var summary: String { (Place(file, line: line).map { "\($0): " } ?? "") + message }

    /// Whether a problem that was reported before says the same.
    package func repeats(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.text == message && diagnostic.file == file && diagnostic.line == line
    }

    /// An error as it ends a build.
    package init(_ error: any Error, in phase: Phase? = nil) {
        let failure = Failure(error, or: .refused)
        self.init(
            phase: phase, exitCode: ExitCode.code(for: failure, in: phase), message: failure.message,
            file: failure.place?.file, line: failure.place?.line, advice: failure.advice)
        switch failure.code {
        case .outsideLinks: pathsToOpen = failure.choices
        case .secretFound: secret = failure.choices.first
        case .untrusted: needsTrust = true
        // The console asks for releases only.
        case .ambiguousRelease, .unknownRelease, .invalidReleaseName, .releasesNeeded:
            choices = failure.choices
            choiceVariable = choices.isEmpty ? nil : BuildVariable.release.rawValue
        default: break
        }
    }
}
