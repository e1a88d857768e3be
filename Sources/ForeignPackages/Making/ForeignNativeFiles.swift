import Diagnostics
import Files
import RunImages
import SystemPackage

/// The native files of Erlang for another processor: from the packages of exactly the version that this machine has.
package struct ForeignNativeFiles: Sendable {
    private let erlangRoot: FilePath
    private let mirror: ForeignMirror
    private let installed: InstalledPackages
    private let from: DebianArchitecture?

    /// - Parameter erlangRoot: Erlang's folder on this machine, the one with `erts-*` and `lib`.
    package init(
        erlangRoot: FilePath, mirror: ForeignMirror, installed: InstalledPackages, from: DebianArchitecture? = .current
    ) {
        self.erlangRoot = erlangRoot
        self.mirror = mirror
        self.installed = installed
        self.from = from
    }

    /// The counterparts of files, by their paths in Erlang's folder, which are those in a release: `lib/crypto-V/…`.
    /// - Parameter portable: what must be the same for both processors, as far as the same packages have it.
    /// - Throws: `Failure` that names the files without one; of code `versionConflict` where the mirror has another version or a
    ///   portable file differs.
    package func files(for paths: [String], portable: [String] = []) async throws -> [String: FilePath] {
        guard let from else { throw Failure(.unsupported, "Debian has no packages for this machine's processor") }
        let places = Dictionary(paths.map { ($0, place(of: $0)) }) { $1 }
        let owners = installed.owners(of: places.values, likely: "erlang-")
        let strangers = places.filter { owners[$0.value] == nil }.keys.sorted()
        guard strangers.isEmpty else {
            throw Failure(
                .analysisFailed,
                "no package of this machine has \(strangers.joined(separator: ", ")), so the mirror has none of it for "
                    + mirror.architecture.name,
                advice: "name an image for \(mirror.architecture.platform) with this Erlang: --toolchain-from IMAGE\n"
                    + "or build with the Erlang of Debian's packages")
        }
        let found = try await mirror.packages(for: Array(owners.values))
        // A package of another name, such as one of the user's own making, is held to the same.
        if let skew = found.skews.first {
            throw Failure(
                .versionConflict,
                "the mirror has \(skew.package) \(skew.there) for \(mirror.architecture.name), this machine has "
                    + skew.here, advice: "apt upgrade \(skew.package)", choices: [skew.package])
        }
        let translate = PathTranslation(from: from, to: mirror.architecture)
        var files: [String: FilePath] = [:]
        var missing: [String] = []
        for (path, place) in places.sorted(by: { $0.key < $1.key }) {
            let package = owners[place].flatMap { found.packages[$0.name] }
            guard let file = package?.file(following: translate(place))?.file,
                try ElfFile(at: file)?.machine == mirror.architecture.machine
            else {
                missing.append(path)
                continue
            }
            files[path] = file
        }
        guard missing.isEmpty else {
            throw Failure(
                .analysisFailed,
                "the packages for \(mirror.architecture.name) have no \(missing.joined(separator: ", "))")
        }
        try compare(portable, found.packages, translate)
        return files
    }

    private func compare(
        _ paths: [String], _ packages: [String: UnpackedPackage], _ translate: PathTranslation
    ) throws {
        let places = paths.map { ($0, place(of: $0)) }
        let owners = installed.owners(of: places.map(\.1), likely: "erlang-")
        var comparison = PortableFiles()
        for (path, place) in places {
            guard let package = owners[place].flatMap({ packages[$0.name] }),
                let other = package.file(following: translate(place))?.file
            else { continue }
            try comparison.compare(path, FilePath(place), other)
        }
        try comparison.check("the packages", mirror.architecture)
    }

    /// Where a file really is on this machine: packages list it there.
    private func place(of path: String) -> String {
        let place = erlangRoot.pushing(FilePath(path).removingRoot())
        return (place.realPath ?? place).string
    }
}
