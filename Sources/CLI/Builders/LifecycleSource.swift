import Builders
import Diagnostics
import Files
import OCIImage
import SystemPackage

/// The lifecycle that goes into a builder: the reference's release, a lifecycle image, or mixpack's own.
struct LifecycleSource {
    let wiring: Wiring
    /// The folder that builder.toml's paths are relative to.
    var folder: FilePath
    /// Where it is unpacked, as long as the builder is made.
    let scratch: FilePath

    /// What `--lifecycle` calls mixpack's own.
    static let own = "mixpack"
    /// What is fetched at most.
    private static let limit: Int64 = 512 << 20

    /// Gets one.
    /// - Parameters:
    ///   - named: `--lifecycle`; it goes before the file's.
    ///   - choice: what builder.toml asks for.
    /// - Throws: `Failure` of code `usage`.
    func programs(
        _ named: String?, _ choice: BuilderFile.LifecycleChoice?, _ notice: (String) -> Void
    ) async throws -> LifecyclePrograms {
        if let named { return try await programs(named, in: wiring.machine.currentDirectory, notice) }
        switch choice {
        case nil: return try await programs(Self.own, in: folder, notice)
        case .uri(let uri): return try await programs(uri, in: folder, notice)
        case .version(let version):
            let plain = version.hasPrefix("v") ? String(version.dropFirst()) : version
            return try await programs("docker://docker.io/buildpacksio/lifecycle:\(plain)", in: folder, notice)
        }
    }

    private func programs(
        _ text: String, in folder: FilePath, _ notice: (String) -> Void
    ) async throws -> LifecyclePrograms {
        if text == Self.own { return try LifecyclePrograms(own: ownFolder, version: ProgramVersion.text) }
        if text.hasPrefix("https://") {
            notice("fetching the lifecycle \(text)")
            let file = scratch.appending("lifecycle.tgz")
            do {
                let status = try await wiring.services.download(text, file, Self.limit)
                guard status == 200 else { throw Failure(.fetchFailed, "the server answers with status \(status)") }
            } catch let error as Failure {
                throw error.failing("no lifecycle at \(text)", as: .usage)
            }
            return try LifecyclePrograms(release: file, unpackedTo: scratch.appending("lifecycle"))
        }
        let plain = text.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text
        let path = FilePath(plain).isAbsolute ? FilePath(plain) : folder.pushing(FilePath(plain))
        let looksLikeFile = [".tgz", ".tar.gz", ".tar"].contains(where: plain.hasSuffix) || plain.hasPrefix(".")
        if path.isFile || (looksLikeFile && (try? ImagePlace(plain)) == nil) {
            guard path.isFile else { throw Failure(.usage, "no lifecycle in \(path): it is not a file") }
            return try LifecyclePrograms(
                release: path.lexicallyNormalized(), unpackedTo: scratch.appending("lifecycle"))
        }
        return try await image(plain, notice)
    }

    private func image(_ text: String, _ notice: (String) -> Void) async throws -> LifecyclePrograms {
        do {
            let place = await wiring.located(try NamedImage.place(text).absolute(wiring.machine), notice)
            if place.isRegistry { notice("reading the lifecycle image at \(place)") }
            let held = try await wiring.imported(place, as: .lifecycle)
            return try await LifecyclePrograms(
                image: held.image, blobs: held, named: "\(place)", unpackedTo: scratch.appending("lifecycle"))
        } catch let error as Failure {
            throw error.failing("no lifecycle at \(text)", as: .usage)
        }
    }

    /// The folder of mixpack's own, which is built and installed with mixpack.
    private var ownFolder: FilePath {
        let folder = wiring.machine.executable.removingLastComponent()
        let beside = folder.appending("lifecycle")
        let installed = folder.removingLastComponent().appending("libexec/mixpack").appending("lifecycle")
        return installed.isFolder ? installed : beside
    }
}
