import Diagnostics
import Digests
import Files
import Glibc
import OCIImage
import SystemPackage
import Text

/// The build image of a builder, made from the packages of this machine: compilers, git, Erlang and Elixir as they are here.
///
/// It is made once and kept in the image store. A record of what it was made from tells whether it still holds; that costs one
/// stat a file.
package struct MachineBuildImage: Sendable {
    private let files: BuildImageFiles
    private let store: ImageStore
    private let record: FilePath

    /// Creates the maker.
    /// - Parameters:
    ///   - tools: the Erlang and Elixir that go in: those of packages with their packages, others to a folder of /opt.
    ///   - store: where the image is kept.
    ///   - record: the file that remembers what it was made from.
    package init(tools: BuildTools, store: ImageStore, record: FilePath) {
        self.init(files: BuildImageFiles(tools: tools), store: store, record: record)
    }

    init(files: BuildImageFiles, store: ImageStore, record: FilePath) {
        self.files = files
        self.store = store
        self.record = record
    }

    /// An image that was made.
    package struct Made: Sendable {
        package let reference: Reference
        /// The image, which stays in the store as long as this.
        package let held: HeldImage
        /// What the user should know of it, in lines.
        package let remarks: [String]

        package var image: Image { held.image }
    }

    /// The image and its name in the store; made where there is none that holds.
    /// - Parameter notice: told, in one line each, that an image is being made, and what it lacks.
    /// - Throws: `Failure` that names what the machine lacks, or when it cannot be written.
    package func image(notice: @Sendable (String) -> Void) async throws -> Made {
        guard files.root.appending("var/lib/dpkg/status").isFile else {
            throw Failure(
                .unsupported,
                "a build image is made from the packages of Debian or Ubuntu, and this machine has no dpkg",
                advice: BuildImageFiles.otherWays)
        }
        if let known = try knownImage() { return known }
        notice("making the build image from this machine; it is made again only when packages change")
        let plan = try files.plan()
        let image = BuildImage(plan: plan, tools: files.tools, origin: "this machine")
        let (reference, held) = try await image.write(to: store)
        let sources = plan.sources + watched
        let origin = Record(
            key: try key(), reference: reference.description, digest: held.image.digest, remarks: image.remarks,
            sources: sources.joined(separator: "\n"), stamps: try Self.stamps(of: sources),
            blobs: store.stamp(of: held.image))
        try record.removingLastComponent().makeFolders()
        try record.replace(with: CanonicalJSON.encode(origin))
        return Made(reference: reference, held: held, remarks: image.remarks)
    }

    /// What the last image was made from.
    private struct Record: Codable {
        /// What decides about the files besides themselves; `BuildImageFiles` changes with mixpack's version.
        var key: String
        var reference: String
        var digest: Digest
        var remarks: [String]
        /// Paths, each on a line.
        var sources: String
        /// A digest of what tells that one of them has changed.
        var stamps: String
        /// What the files of the image look like (`ImageStore.stamp`): what was written to is made again.
        var blobs: String?
    }

    private static let format = 1

    private func key() throws(Failure) -> String {
        let erlang = files.root.appending("var/lib/dpkg/info").names.filter {
            $0.hasPrefix("erlang-") && $0.hasSuffix(".list")
        }
        let tools = files.tools.map { "\($0.erlang.root) \($0.erlang.version) \($0.elixir.root) \($0.elixir.version)" }
        let roots = files.roots.system + files.roots.compilers + files.roots.languages
        let all = ["\(Self.format)", tools ?? ""] + roots + erlang
        return try MessageDigest.hex(of: all.joined(separator: "\n").utf8)
    }

    /// What changes the files without being one of them: packages that are missing now, and dpkg's lists.
    private var watched: [String] {
        let dpkg = files.root.appending("var/lib/dpkg")
        let names = files.roots.system + files.roots.compilers + files.roots.languages
        return [dpkg.appending("diversions").string, files.root.appending("etc/os-release").string]
            + names.map { dpkg.appending("info").appending($0 + ".list").string }
    }

    private func knownImage() throws -> Made? {
        guard let bytes = try? record.bytes(),
            let record = try? CanonicalJSON.decode(Record.self, from: bytes, what: ""), record.key == (try key()),
            try Self.stamps(of: record.sources.split(separator: "\n").map(String.init)) == record.stamps,
            let (reference, held) = store.held(record.reference, record.digest, stamp: record.blobs)
        else { return nil }
        return Made(reference: reference, held: held, remarks: record.remarks)
    }

    /// What tells that a file has changed, appeared or gone.
    private static func stamps(of paths: [String]) throws(Failure) -> String {
        var digest = try MessageDigest()
        for path in paths {
            var status = stat()
            let isThere = lstat(path, &status) == 0
            let time = status.st_mtim
            let stamp = "\(status.st_ino) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
            try digest.update(Array("\(path) \(isThere ? stamp : "missing")\n".utf8))
        }
        return try digest.finish()
    }
}

/// A build image: layers of files of packages, and what the specification asks of its configuration.
struct BuildImage {
    let plan: BuildImageFiles.Plan
    let tools: BuildTools?
    /// Where it is from, as its history says.
    let origin: String

    /// The label that names the Erlang of a build image.
    static let erlangLabel = "io.mixpack.build-image.erlang"
    /// The label that names the Elixir of a build image.
    static let elixirLabel = "io.mixpack.build-image.elixir"

    /// What the user should know of it.
    var remarks: [String] {
        var remarks: [String] = []
        let wanted = plan.missing.filter { !["gawk", "mawk", "rsync", "wget", "netbase", "pkg-config"].contains($0) }
        if !wanted.isEmpty {
            remarks.append(
                "the build image has no \(wanted.joined(separator: ", ")), because this machine does not have them")
        }
        if !plan.changedConfiguration.isEmpty {
            let files = plan.changedConfiguration.joined(separator: ", ")
            remarks.append("left out, because they are not as their packages brought them: \(files)")
        }
        return remarks
    }

    /// Writes it into a store, under a name by its digest.
    func write(to store: ImageStore) async throws -> (reference: Reference, held: HeldImage) {
        let transaction = try store.begin()
        do {
            var builder = ImageBuilder()
            for layer in plan.layers {
                try Task.checkCancellation()
                let added = try await transaction.addLayer(layer.contents).layer
                builder.append(added, createdBy: "mixpack: build image from \(origin): \(layer.title)")
            }
            configure(&builder.configuration)
            let image = try builder.image()
            let reference = try OwnImage.buildImage.reference(image.digest.short)
            return (reference, try await transaction.commit(image, as: [reference]))
        } catch {
            transaction.cancel()
            throw error
        }
    }

    private func configure(_ configuration: inout ImageConfiguration) {
        configuration.created = "1980-01-01T00:00:01Z"
        configuration.config.user = "1000:1000"
        configuration.config.workingDirectory = "/"
        let path = (plan.folders + [MachineRunImage.searchPath]).joined(separator: ":")
        let home = PackageLayer.User.builder.home
        for (name, value) in [
            ("PATH", path), ("HOME", home), ("LANG", "C.UTF-8"), ("LANGUAGE", "C.UTF-8"), ("LC_ALL", "C.UTF-8"),
            ("CNB_USER_ID", "1000"), ("CNB_GROUP_ID", "1000"), ("CNB_STACK_ID", MachineRunImage.stackID),
        ] { configuration.config.setVariable(name, to: value) }
        configuration.config.labels = labels
    }

    private var labels: [String: String] {
        let facts = OSRelease(String(decoding: plan.osRelease, as: UTF8.self))
        var labels = ["io.buildpacks.stack.id": MachineRunImage.stackID]
        labels["io.buildpacks.base.distro.name"] = facts["ID"]
        labels["io.buildpacks.base.distro.version"] = facts["VERSION_ID"]
        let languages =
            tools.map { "Erlang \($0.erlang.version) and Elixir \($0.elixir.version)" } ?? "Erlang and Elixir"
        let system = facts["PRETTY_NAME"] ?? "this system"
        labels["io.buildpacks.base.description"] = "\(languages) with compilers and git, on \(system)"
        labels[Self.erlangLabel] = tools?.erlang.version
        labels[Self.elixirLabel] = tools?.elixir.version
        return labels
    }
}
