import Builders
import Commands
import Diagnostics
import Files
import Glibc
import Lifecycle
import OCIImage
import SystemPackage
import TOMLCoding

/// Gets the builder of a build: reads the image, and unpacks its root where that is not there yet.
struct BuilderSource: Sendable {
    let wiring: Wiring

    /// The builder.
    /// - Throws: `Failure` that names its place.
    func builder(
        _ named: ImagePlace, notice: @escaping @Sendable (String) -> Void, progress: @escaping BuilderRoots.Progress
    ) async throws -> PlatformServices.Builder {
        let place = await wiring.located(named.absolute(wiring.machine), notice)
        do {
            return try await read(place, notice, progress)
        } catch let error as Failure {
            throw error.failing("cannot use the builder \(place)", as: error.code)
        }
    }

    private func read(
        _ place: ImagePlace, _ notice: (String) -> Void, _ progress: @escaping BuilderRoots.Progress
    ) async throws -> PlatformServices.Builder {
        let (image, blobs) = try await wiring.image(at: place.description)
        let found = try BuilderImage(image, named: place.description, for: wiring.platform)
        let range = HostRange(user: geteuid(), map: FilePath("/proc/self/uid_map").text)
        let roots = BuilderRoots(cacheRoot: wiring.machine.cacheRoot, store: wiring.store, range: range)
        let root = try await roots.root(of: image, from: blobs, notice: notice, progress: progress)
        let files = try BuilderFiles(root: root, labels: found.labels)
        var builder = PlatformServices.Builder(
            place: place, digest: image.digest, root: root, order: files.order, owner: found.owner,
            environment: found.environment)
        builder.firstBuildpacks = files.system.first
        builder.lastBuildpacks = files.system.last
        builder.extensionOrder = files.extensionOrder
        builder.range = range
        builder.stack = found.stackID
        builder.runImages = try found.runImages.map { try .init($0) }
        return builder
    }
}

extension PlatformServices.Builder.NamedRunImage {
    /// The names of the builder's metadata; a mirror that is not a name is left out.
    fileprivate init(_ runImage: BuilderRunImage) throws {
        self.init(
            image: try Reference(runImage.image), mirrors: runImage.mirrors.compactMap { try? Reference($0) })
    }
}
