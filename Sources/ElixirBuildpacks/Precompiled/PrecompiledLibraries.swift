import Diagnostics
import Digests
import Files
import Glibc
import SystemPackage

/// The libraries that dependencies fetch in place of compiling them, for another processor.
///
/// Names and places are those of [rustler_precompiled](https://hexdocs.pm/rustler_precompiled) and of the precompilers of
/// [elixir_make](https://hexdocs.pm/elixir_make). An archive has to have the digest that the package's own list gives, which
/// Hex's checksum of the package covers.
package struct PrecompiledLibraries {
    private let sources: FilePath
    private let home: FilePath
    private let shelf: FilePath
    private let erlangRoot: FilePath
    private let processors: (from: String, to: String)
    private let download: CheckedDownload
    private let notice: @Sendable (String) -> Void
    private let unpack: Unpack
    private static let mostBytes: Int64 = 1 << 30

    /// Writes members of an archive to files; gives the members that it does not have.
    package typealias Unpack = @Sendable (_ archive: FilePath, _ files: [String: FilePath]) throws -> Set<String>

    /// - Parameters:
    ///   - sources: the folder with the sources of the dependencies, by name.
    ///   - home: the home folder of the build.
    ///   - shelf: where archives are kept, by their digests.
    ///   - processors: this machine's and the other, in Linux's words: `x86_64`.
    package init(
        sources: FilePath, home: FilePath, shelf: FilePath, erlangRoot: FilePath,
        processors: (from: String, to: String),
        downloader: any Downloader, isOffline: Bool, unpack: @escaping Unpack,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.sources = sources
        self.home = home
        self.shelf = shelf
        self.erlangRoot = erlangRoot
        self.processors = processors
        download = CheckedDownload(downloader: downloader, isOffline: isOffline)
        self.unpack = unpack
        self.notice = notice
    }

    /// What is to be fetched for the files of a layer.
    package struct Plan: Sendable {
        /// The archives, each with the members that are needed and the files that they become.
        let archives: [(archive: PrecompiledArchive, files: [String: String])]
    }

    /// Writes the other processor's libraries over this machine's, under the names that the compiled code knows.
    /// - Parameter layer: the folder of a copy of the layer.
    /// - Throws: `Failure` of code `fetchFailed` for an archive that cannot be had, of code `exportFailed` for one without the
    ///   library; `CancellationError`.
    package func replace(_ plan: Plan, in layer: FilePath) async throws {
        for (archive, files) in plan.archives {
            let place = try await fetched(archive)
            let lacking = try unpack(place, files.mapValues { layer.pushing(FilePath($0)) })
            guard let missing = lacking.min() else { continue }
            throw Failure(
                .exportFailed, "\(archive.name) has no \(missing)",
                advice: "the release has it as \(files[missing] ?? missing)")
        }
    }

    /// What is to be fetched; fetches nothing.
    /// - Parameter paths: files of a release, `lib/APPLICATION-VERSION/…`.
    /// - Throws: `Failure` of code `exportFailed` that names the application and the file, for one that was compiled here or has
    ///   no archive.
    package func plan(_ paths: [String]) throws(Failure) -> Plan {
        var found: [(archive: PrecompiledArchive, files: [String: String])] = []
        var compiled: [String] = []
        for path in paths {
            let package = NativePackage(path, sources: sources, from: processors.from, to: processors.to)
            let archive = package?.archive(of: path, home: home) { NIFVersion(erlangRoot: erlangRoot) }
            guard let package, let archive else {
                compiled.append(path)
                continue
            }
            try check(archive, of: package, path)
            if let index = found.firstIndex(where: { $0.archive.name == archive.name }) {
                found[index].files[archive.member] = path
            } else {
                found.append((archive, [archive.member: path]))
            }
        }
        if let first = compiled.first { throw Self.compiledHere(first, more: compiled.count - 1) }
        return Plan(archives: found)
    }

    private func check(_ archive: PrecompiledArchive, of package: NativePackage, _ path: String) throws(Failure) {
        guard archive.digest != nil else {
            throw Failure(
                .exportFailed,
                "\(package.application) has no library for \(package.to): its checksums lack \(archive.name)",
                advice: "\(path) is what this machine's image has of it; another version of the package may have more")
        }
        guard archive.url != nil else {
            throw Failure(
                .exportFailed,
                "\(package.application) does not say where \(archive.name) is in a way that mixpack can read",
                advice: "build on a machine of that processor, and join both images with mixpack index")
        }
    }

    private static func compiledHere(_ path: String, more: Int) -> Failure {
        let others = more > 0 ? " (and \(more) more)" : ""
        return Failure(
            .exportFailed,
            "\(application(of: path)) has native code that was compiled here, for this processor: \(path)\(others)",
            advice:
                "use a version of it with precompiled libraries, or build on a machine of the other processor too, and join "
                + "both images with mixpack index")
    }

    /// The application of a file: `lib/NAME-VERSION/…`.
    private static func application(of path: String) -> String {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "lib" else { return "the release" }
        return String(parts[1].prefix { $0 != "-" })
    }

    private func fetched(_ archive: PrecompiledArchive) async throws -> FilePath {
        guard let digest = archive.digest, let url = archive.url else {
            throw Failure(.exportFailed, "\(archive.name) cannot be had")
        }
        let place = shelf.appending(digest.digits + ".tar.gz")
        if place.isFile, try MessageDigest.hex(ofFile: place, digest.algorithm) == digest.digits { return place }
        try shelf.makeFolders()
        HeldFolder.removeAbandoned(in: shelf, prefix: "fetch-")
        notice("fetching \(archive.name) from \(DownloadSettings.host(url))")
        let scratch = try HeldFolder(in: shelf, prefix: "fetch-")
        defer { scratch.remove() }
        let file = scratch.path.appending("archive")
        try await download.fetch(url, to: file, form: .gzip, digest: digest, limit: Self.mostBytes)
        guard rename(file.nameBytes, place.nameBytes) == 0 else { throw Failure.system(.unwritable, place.string) }
        return place
    }
}
