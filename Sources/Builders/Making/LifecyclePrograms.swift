import Diagnostics
import Digests
import Files
import Glibc
import LayerArchive
import Lifecycle
import OCIImage
import RunImages
import SystemPackage
import TOMLCoding

/// The programs of a lifecycle as a folder that becomes `/cnb/lifecycle`, and what they support.
package struct LifecyclePrograms: Sendable {
    package var facts: LifecycleFacts
    /// Where they are from, and their digest, for people.
    package var origin: String
    let folder: FilePath

    /// The programs that pack starts in a builder of the reference's lifecycle.
    static let referenceNames = ["detector", "restorer", "analyzer", "builder", "exporter", "launcher", "creator"]
    /// The programs of mixpack's own: Tekton's task and pack's trusted flow start no others.
    static let ownNames = ["creator", "rebaser", "launcher"]
    /// The file that says what a lifecycle supports.
    static let factsFile = "lifecycle.toml"

    /// Takes the folder of mixpack's own lifecycle.
    /// - Throws: `Failure` of code `usage` if a program is missing.
    package init(own folder: FilePath, version: String) throws(Failure) {
        guard folder.isFolder else {
            throw Failure(
                .usage, "mixpack's own lifecycle is not at \(folder)",
                advice: "build or install mixpack again (make release makes it), or give --lifecycle FILE or PLACE")
        }
        self.folder = folder
        facts = .own
        origin = "mixpack \(version)"
        try check(Self.ownNames, named: "mixpack's lifecycle")
    }

    /// Unpacks a release of the reference: lifecycle.toml, and the programs in one folder.
    /// - Throws: `Failure` of code `usage`.
    package init(release file: FilePath, unpackedTo folder: FilePath) throws(Failure) {
        let digest: String
        var text: String?
        do {
            digest = try MessageDigest.hex(ofFile: file)
            try Self.unpack(.file(file), to: folder) { parts in
                parts.count >= 2
                    ? parts.dropFirst().joined(separator: "/") : parts == [Self.factsFile] ? Self.factsFile : nil
            }
            text = folder.appending(Self.factsFile).text
        } catch {
            throw Failure(error, or: .malformed).failing("no lifecycle in \(file)", as: .usage)
        }
        guard let text else {
            throw Failure(
                .usage, "no lifecycle in \(file): it has no \(Self.factsFile) at its top",
                advice: "name a release of the lifecycle, such as lifecycle-v0.20.5+linux.x86-64.tgz")
        }
        self.folder = folder
        facts = try Self.facts(of: text, in: file)
        origin = "\(file.lastComponent?.string ?? ""), sha256:\(digest)"
        try check(Self.referenceNames, named: "\(file)")
    }

    /// Takes the programs out of a lifecycle image: they are in its last layer.
    /// - Throws: `Failure` of code `usage`.
    package init(image: Image, blobs: any BlobSource, named name: String, unpackedTo folder: FilePath)
        async throws(Failure)
    {
        do throws(Failure) {
            try BuildImage.check(image.configuration.platform, of: "the lifecycle image \(name)", for: .current)
            guard let layer = image.layers.last else { throw Failure(.malformed, "\(name) has no layers") }
            try Self.unpack(try await blobs.blob(layer.descriptor).input, to: folder) { parts in
                parts.prefix(2) == ["cnb", "lifecycle"] && parts.count > 2
                    ? parts.dropFirst(2).joined(separator: "/") : nil
            }
            facts = try Self.facts(of: image, named: name)
        } catch {
            throw error.coded(.usage)
        }
        self.folder = folder
        origin = "\(name), \(image.digest)"
        // mixpack's own may be in an image of this shape too.
        let isReference = folder.appending("detector").exists
        try check(isReference ? Self.referenceNames : Self.ownNames, named: name)
    }

    // MARK: Programs

    private func check(_ names: [String], named name: String) throws(Failure) {
        let missing = names.filter { !folder.appending($0).leadsSomewhere }
        guard missing.isEmpty else {
            throw Failure(.usage, "\(name) does not have the lifecycle's \(missing.joined(separator: ", "))")
        }
        guard facts.buildpackAPIs.supported.isEmpty || facts.platformAPIs.supported.isEmpty else { return }
        throw Failure(.usage, "\(name) does not say which Buildpack and Platform APIs it supports")
    }

    /// The layer of `/cnb/lifecycle`, with the link that old platforms look for.
    var contents: LayerContents {
        let facts = Self.factsFile
        return LayerContents([
            .tree(folder, at: "/cnb/lifecycle", owner: .root) { file in
                switch file.kind {
                case .symlink: 0o777
                case .directory: 0o755
                // Programs are at the top; what is in folders may be a library.
                case .file, .hardLink, .special:
                    file.path == facts ? nil : file.path.contains("/") && file.mode & 0o100 == 0 ? 0o644 : 0o755
                }
            },
            .symlink(target: "/cnb/lifecycle", path: "/lifecycle", mode: 0o777, owner: .root),
        ])
    }

    /// Whether the programs are for this processor; scripts are for all.
    package var foreignProgram: String? {
        let own = DebianArchitecture.current?.machine
        for name in folder.names {
            guard let bytes = Self.head(of: folder.appending(name)), bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
                continue
            }
            let machine = UInt16(bytes[18]) | UInt16(bytes[19]) << 8
            if machine != own { return name }
        }
        return nil
    }

    private static func head(of file: FilePath) -> [UInt8]? {
        guard file.kind == .file else { return nil }
        let content = BlobContent.file(file, offset: 0, size: 20)
        let sink = MemorySink(limit: 20)
        guard (try? content.write(to: sink)) != nil, sink.bytes.count == 20 else { return nil }
        return sink.bytes
    }

    // MARK: Archives

    /// Unpacks what the closure gives a place, and nothing else; a lifecycle has files, folders, and links among them.
    private static func unpack(
        _ input: ArchiveInput, to folder: FilePath, _ place: ([String]) -> String?
    ) throws(Failure) {
        try folder.makeFolders()
        let reader = try TarReader(input, limits: TarLimits(entries: 10_000, totalSize: 2 << 30))
        while let entry = try reader.next() {
            let parts = entry.path.split(separator: "/").map(String.init).filter { $0 != "." }
            guard !parts.contains("..") else { throw Failure(.malformed, "\(entry.path) is not a path of a lifecycle") }
            guard let name = place(parts), !name.isEmpty else { continue }
            let file = name.split(separator: "/").reduce(folder) { $0.appending(String($1)) }
            switch entry.kind {
            case .directory: try file.makeFolders()
            case .file:
                try file.removingLastComponent().makeFolders()
                try file.remove()
                let sink = try FileSink(creating: file)
                try reader.copyContent(to: sink)
                try sink.finish()
            case .symlink(let target):
                guard !target.hasPrefix("/"), !target.split(separator: "/").contains("..") else {
                    throw Failure(.malformed, "\(entry.path) leads out of the lifecycle: \(target)")
                }
                try file.removingLastComponent().makeFolders()
                try file.remove()
                try file.makeLink(to: target)
            case .hardLink(let target):
                let parts = target.split(separator: "/").map(String.init).filter { $0 != "." }
                guard let other = place(parts), !parts.contains("..") else {
                    throw Failure(.malformed, "\(entry.path) leads out of the lifecycle: \(target)")
                }
                try file.remove()
                let source = other.split(separator: "/").reduce(folder) { $0.appending(String($1)) }
                guard source.kind == .file, link(source.nameBytes, file.nameBytes) == 0 else {
                    throw Failure(.malformed, "\(entry.path) is a link to \(target), which is not there")
                }
            case .special: throw Failure(.malformed, "\(entry.path) has a kind that a lifecycle cannot have")
            }
        }
    }

    // MARK: Facts

    private static func facts(of text: String, in file: FilePath) throws(Failure) -> LifecycleFacts {
        do throws(Failure) {
            let root = try TOMLDocument(parsing: text, fileName: "\(file.lastComponent?.string ?? "")/\(factsFile)")
                .root
            var facts = LifecycleFacts()
            facts.version = try root.table("lifecycle")?.string("version") ?? ""
            let one = try root.table("api")
            facts.buildpackAPI = try one?.string("buildpack")
            facts.platformAPI = try one?.string("platform")
            if let apis = try root.table("apis") {
                facts.buildpackAPIs = try list(try apis.table("buildpack"))
                facts.platformAPIs = try list(try apis.table("platform"))
            }
            return facts
        } catch {
            throw error.coded(.usage)
        }
    }

    private static func list(_ table: TOMLTable?) throws(Failure) -> LifecycleFacts.SupportedAPIs {
        LifecycleFacts.SupportedAPIs(
            deprecated: try table?.strings("deprecated") ?? [], supported: try table?.strings("supported") ?? [])
    }

    private static func facts(of image: Image, named name: String) throws(Failure) -> LifecycleFacts {
        let labels = image.configuration.config.labels
        var facts = LifecycleFacts()
        if let text = labels[BuilderLabel.metadata] {
            facts = try CanonicalJSON.decode(
                BuilderMetadata.self, from: Array(text.utf8), what: "the labels of \(name)"
            ).lifecycle
        }
        if let text = labels[BuilderLabel.lifecycleAPIs] {
            facts.apis = try CanonicalJSON.decode(
                LifecycleFacts.APIs.self, from: Array(text.utf8), what: "the labels of \(name)")
        }
        if let version = labels[BuilderLabel.lifecycleVersion], !version.isEmpty { facts.version = version }
        return facts
    }
}

extension LifecycleFacts {
    /// mixpack's own lifecycle.
    package static var own: LifecycleFacts {
        var facts = LifecycleFacts()
        facts.version = ReferenceLifecycle.version
        let range = APIVersion.supported
        facts.buildpackAPIs.supported = (range.lowerBound.minor...range.upperBound.minor).map {
            APIVersion(0, $0).description
        }
        facts.platformAPIs.supported = PlatformAPI.all.map(\.description)
        return facts
    }
}
