import Commands
import Diagnostics
import Digests
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// The build image and the run image of a builder, made from the packages of a release of Debian.
///
/// They are kept in the image store. The versions of the packages decide their bytes, so the same versions give the same digests;
/// after some days mixpack asks the mirror again, and without an answer keeps what it has.
package struct DebianImages: Sendable {
    private let suite: DebianSuite
    private let store: ImageStore
    private let folder: FilePath
    private let runner: any CommandRunner
    private let environment: [String: String]
    private let now: @Sendable () -> Double
    private let sources: FilePath

    /// Creates the maker.
    /// - Parameters:
    ///   - store: where the images are kept.
    ///   - folder: for the record of what they were made from, and for the root while it is needed.
    ///   - runner: starts mmdebstrap.
    ///   - environment: the user's variables.
    ///   - now: the time, in seconds.
    ///   - sources: the folder with apt's sources.
    package init(
        suite: DebianSuite, store: ImageStore, folder: FilePath, runner: any CommandRunner,
        environment: [String: String],
        now: @escaping @Sendable () -> Double, sources: FilePath = "/etc/apt"
    ) {
        self.suite = suite
        self.store = store
        self.folder = folder
        self.runner = runner
        self.environment = environment
        self.now = now
        self.sources = sources
    }

    /// The two images.
    package struct Made: Sendable {
        package let build: MachineBuildImage.Made
        package let run: MachineBuildImage.Made
    }

    /// How long images count without asking the mirror for newer packages, in seconds.
    private static let age: Double = 7 * 24 * 3600

    /// The images; made where there are none, or none that are new enough.
    /// - Parameter notice: told what is fetched, and from where, before it is.
    /// - Throws: `Failure` that says what is missing or did not work.
    package func images(notice: @Sendable (String) -> Void) async throws -> Made {
        let mirror = try AptMirror(folder: sources)
        let known = knownImages(mirror)
        if let known, abs(now() - known.record.time) < Self.age { return known.made }
        do {
            return try await make(mirror, notice)
        } catch let error as Failure where error.code == .fetchFailed {
            guard let known else { throw error }
            let days = Int(abs(now() - known.record.time) / 86400)
            notice("warning: \(error.message); using the packages that were fetched \(days) days ago")
            return known.made
        }
    }

    private func make(_ mirror: AptMirror, _ notice: @Sendable (String) -> Void) async throws -> Made {
        let scratch = try ScratchFolder(in: folder, prefix: "debian-")
        defer { scratch.remove() }
        let root = scratch.path.appending("root")
        try await DebianRoot(suite: suite, mirror: mirror, runner: runner, environment: environment).unpack(
            into: root, notice: notice)
        let image = BuildImage(
            plan: try BuildImageFiles(root: root).plan(), tools: nil, origin: "debian:\(suite.rawValue)")
        let build = try await image.write(to: store)
        let run = try await RuntimeImage(root: root, origin: "debian:\(suite.rawValue)").write(to: store)
        let record = Record(
            mirror: mirror.archive, time: now(),
            versions: try PackageTree(root: root).packages.all.map { "\($0.name) \($0.version)" },
            build: Record.Part(build), run: Record.Part(run))
        try recordFile.removingLastComponent().makeFolders()
        try recordFile.replace(with: CanonicalJSON.encode(record))
        return Made(
            build: MachineBuildImage.Made(reference: build.reference, held: build.held, remarks: image.remarks),
            run: MachineBuildImage.Made(reference: run.reference, held: run.held, remarks: []))
    }

    // MARK: What there is

    private struct Record: Codable {
        struct Part: Codable {
            var reference: String
            var digest: Digest

            init(_ made: (reference: Reference, held: HeldImage)) {
                reference = made.reference.description
                digest = made.held.image.digest
            }
        }
        static let currentFormat = 1
        var format = Self.currentFormat
        var mirror: String
        var time: Double
        /// The packages that the root had, with their versions.
        var versions: [String]
        var build: Part
        var run: Part
    }

    private var recordFile: FilePath { folder.appending("debian-\(suite.rawValue).json") }

    private func knownImages(_ mirror: AptMirror) -> (record: Record, made: Made)? {
        guard let bytes = try? recordFile.bytes(),
            let record = try? CanonicalJSON.decode(Record.self, from: bytes, what: ""),
            record.format == Record.currentFormat, record.mirror == mirror.archive,
            let build = stored(record.build), let run = stored(record.run)
        else { return nil }
        return (record, Made(build: build, run: run))
    }

    private func stored(_ part: Record.Part) -> MachineBuildImage.Made? {
        store.held(part.reference, part.digest).map {
            MachineBuildImage.Made(reference: $0.reference, held: $0.image, remarks: [])
        }
    }
}
