import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage
import Text

/// The default run image: made from this machine, so that it fits what is built here and needs no network.
///
/// It is made once and kept in the image store. A record of the files it was made from (size, inode, times) tells whether it
/// still holds; that costs one stat a file.
package struct MachineRunImage: Sendable {
    package static let stackID = "io.github.carlo-colombo.elixir-builder"

    private let erlangRoot: FilePath
    private let store: ImageStore
    private let record: FilePath
    private let searchPath: String
    private let moreTools: [String]
    private let moreFiles: [FilePath]
    private let programs: [String]

    /// Creates the maker.
    /// - Parameters:
    ///   - erlangRoot: Erlang's folder, the one with `erts-*` and `lib`.
    ///   - store: where the image is kept.
    ///   - record: the file that remembers what it was made from.
    ///   - searchPath: a `PATH`, where the shell's tools are found.
    ///   - moreTools: programs besides the usual ones, such as `bash`; those that the machine lacks are left out.
    ///   - moreFiles: libraries and programs of the machine besides the usual ones.
    ///   - programs: programs that the user asks for, by name; each goes in with all that it needs.
    package init(
        erlangRoot: FilePath, store: ImageStore, record: FilePath, searchPath: String, moreTools: [String] = [],
        moreFiles: [FilePath] = [], programs: [String] = []
    ) {
        self.erlangRoot = erlangRoot
        self.store = store
        self.record = record
        self.searchPath = searchPath
        self.moreTools = moreTools
        self.moreFiles = moreFiles
        self.programs = Set(programs).sorted()
    }

    /// An image that was made.
    package struct Made: Sendable {
        package let reference: Reference
        /// The image, which stays in the store as long as this.
        package let held: HeldImage
        /// What is in it because it was asked for.
        package let programs: [RunProgram]

        package var image: Image { held.image }
    }

    /// The image and its name in the store; made where there is none that holds.
    /// - Parameters:
    ///   - isRead: whether its layers are going to be read: if the store has other bytes now, it is made again.
    ///   - notice: told, in one line, that an image is being made.
    /// - Throws: `Failure` that names what the machine lacks, or when it cannot be written.
    package func image(isRead: Bool = false, notice: @Sendable (String) -> Void) async throws -> Made {
        if let known = try knownImage() {
            guard isRead, let problem = store.firstProblem(of: known.image) else { return known }
            notice("\(problem); making the run image again")
        } else {
            notice("making the run image from this machine; the next builds use it again")
        }
        let selection = try files.selection()
        var whole = selection
        let found = try addPrograms(to: &whole)
        let osRelease = (try? FilePath("/etc/os-release").bytes()) ?? []
        let packages = PackageDatabase.owners(of: selection.ownedPaths)
        let more =
            programs.isEmpty ? [] : PackageDatabase.owners(of: whole.ownedPaths).filter { !packages.contains($0) }
        let made = try await write(
            RunImageLayer(selection: selection, osRelease: osRelease, packages: packages),
            whole.contents(besides: selection, PackageRecords(more)), labels(osRelease, packages + more))
        let sources = whole.fingerprinted + ["/etc/os-release"]
        let origin = Record(
            erlangRoot: erlangRoot.string, moreFiles: moreFiles.map(\.string), programs: programs, found: found,
            reference: made.reference.description, digest: made.held.image.digest,
            stamps: Self.stamps(of: sources), blobs: store.stamp(of: made.held.image))
        try record.removingLastComponent().makeFolders()
        try record.replace(with: CanonicalJSON.encode(origin))
        return Made(reference: made.reference, held: made.held, programs: found)
    }

    /// The programs that were asked for and what each brings, without making an image.
    /// - Throws: `Failure` that names what the machine lacks.
    package func foundPrograms() throws -> [RunProgram] {
        if let known = try knownImage() { return known.programs }
        var selection = try files.selection()
        return try addPrograms(to: &selection)
    }

    /// Without programs the machine's list of packages is not read: that takes longer than a build without changes.
    private func addPrograms(to selection: inout FileSelection) throws -> [RunProgram] {
        programs.isEmpty ? [] : try RunProgramFiles().add(programs, to: &selection)
    }

    private var files: RunImageFiles {
        RunImageFiles(erlangRoot: erlangRoot, moreTools: moreTools, moreFiles: moreFiles, tools: tool)
    }

    /// What the last image was made from.
    private struct Record: Codable {
        static let currentFormat = 7
        var format = Self.currentFormat
        var erlangRoot: String
        var moreFiles: [String]
        var programs: [String]
        var found: [RunProgram]
        var reference: String
        var digest: Digest
        var stamps: [String: String]
        /// What the files of the image looked like (`ImageStore.stamp`): what was written to is made again.
        var blobs: String?
    }

    private func knownImage() throws -> Made? {
        guard let bytes = try? record.bytes(),
            let record = try? CanonicalJSON.decode(Record.self, from: bytes, what: ""),
            record.format == Record.currentFormat, record.erlangRoot == erlangRoot.string,
            record.moreFiles == moreFiles.map(\.string), record.programs == programs,
            Self.stamps(of: Array(record.stamps.keys)) == record.stamps,
            let (reference, held) = store.held(record.reference, record.digest, stamp: record.blobs)
        else { return nil }
        return Made(reference: reference, held: held, programs: record.found)
    }

    /// - Parameter more: what the programs that were asked for add, as a layer of its own: the layer below is the same for
    ///   all projects.
    private func write(
        _ layer: RunImageLayer, _ more: LayerContents, _ labels: [String: String]
    ) async throws -> (reference: Reference, held: HeldImage) {
        let transaction = try store.begin()
        let added = try await transaction.addLayer(layer.contents).layer
        var builder = ImageBuilder()
        builder.append(added, createdBy: "mixpack: run image from this machine")
        var tag = added.diffID.short
        if !programs.isEmpty {
            let top = try await transaction.addLayer(more).layer
            builder.append(top, createdBy: "mixpack: programs: \(programs.joined(separator: ", "))")
            tag += "-" + top.diffID.short
        }
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.configuration.config.user = "1000:1000"
        builder.configuration.config.workingDirectory = "/"
        for (name, value) in Self.environment { builder.configuration.config.setVariable(name, to: value) }
        builder.configuration.config.labels = labels
        let reference = try OwnImage.runImage.reference(tag)
        return (reference, try await transaction.commit(try builder.image(), as: [reference]))
    }

    /// The image's `PATH`.
    package static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    static let environment = [
        ("PATH", searchPath), ("HOME", "/home/app"),
        ("LANG", "C.UTF-8"), ("LANGUAGE", "C.UTF-8"), ("LC_ALL", "C.UTF-8"),
    ]

    private static func isLibrary(_ name: String) -> Bool {
        name.contains(".so") && !name.contains("/") && !name.hasPrefix(".")
    }

    /// A library by its name alone, in the folders where the machine's dynamic linker looks.
    package static func library(named soname: String) -> FilePath? {
        let shell: FilePath = "/bin/sh"
        guard isLibrary(soname), let file = try? ElfFile(at: shell) else { return nil }
        return LibrarySearch().find(soname, for: file, at: shell)
    }

    /// Whether a file of a release needs nothing but what the image has, by its path in its layer of the release.
    package static func fits(_ path: String) -> Bool { RunImageFiles.fits(path) }

    private func labels(_ osRelease: [UInt8], _ packages: [PackageDatabase.Package]) -> [String: String] {
        var labels = ["io.buildpacks.stack.id": Self.stackID]
        let facts = OSRelease(String(decoding: osRelease, as: UTF8.self))
        labels["io.buildpacks.base.distro.name"] = facts["ID"]
        labels["io.buildpacks.base.distro.version"] = facts["VERSION_ID"]
        let names = moreFiles.compactMap { $0.lastComponent?.string }
        let tools = Set(moreTools + names.filter { !Self.isLibrary($0) }).sorted()
        if !tools.isEmpty { labels[RunImageLabel.tools] = tools.joined(separator: ",") }
        let libraries = Set(names.filter(Self.isLibrary)).sorted()
        if !libraries.isEmpty { labels[RunImageLabel.libraries] = libraries.joined(separator: ",") }
        if !programs.isEmpty { labels[RunImageLabel.programs] = programs.joined(separator: ",") }
        labels[RunImageLabel.packages] = PackageDatabase.label(of: packages)
        return labels
    }

    private func tool(_ name: String) -> FilePath? {
        searchPath.split(separator: ":").lazy.map { FilePath(String($0)).appending(name) }
            .first { access($0.string, X_OK) == 0 }
    }

    /// What tells that a file has changed, appeared or gone.
    private static func stamps(of paths: [String]) -> [String: String] {
        var stamps: [String: String] = [:]
        for path in paths {
            guard let stamp = FileStamp(of: FilePath(path)) else {
                stamps[path] = "missing"
                continue
            }
            let (seconds, rest) = stamp.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
            stamps[path] = "\(stamp.inode) \(stamp.size) \(seconds).\(rest)"
        }
        return stamps
    }
}
