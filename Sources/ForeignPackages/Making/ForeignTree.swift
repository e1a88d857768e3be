import Diagnostics
import Files
import LayerArchive
import RunImages
import SystemPackage

/// The files of a run image for another processor: native ones from its packages, all others as they are.
struct ForeignTree {
    private let base: BaseFiles
    private let owners: [String: InstalledPackages.Package]
    private let packages: [String: UnpackedPackage]
    private let translate: PathTranslation
    /// What goes into each layer, by path.
    private var items: [Int: [String: LayerContents.Item]] = [:]
    private var places: Set<String> = []
    /// The native files, by path.
    private(set) var native: [String: ElfFile] = [:]
    /// The libraries that can be found by name.
    private var offered: [String: ElfFile] = [:]
    /// The base's native files that a link's counterpart stands for, though under another name.
    private var reached: Set<String> = []
    private var missing: [String] = []
    private var different: [String] = []

    static let records = "/var/lib/dpkg/status.d/"

    /// Puts the files together.
    /// - Parameters:
    ///   - owners: the packages that the base's files come from, by path.
    ///   - packages: the counterparts of those that are not for all processors, by name.
    /// - Throws: `Failure` that names what has no counterpart, what differs, and which libraries are missing.
    init(
        _ base: BaseFiles, owners: [String: InstalledPackages.Package], packages: [String: UnpackedPackage],
        _ translation: PathTranslation
    ) throws {
        self.base = base
        self.owners = owners
        self.packages = packages
        translate = translation
        for entry in base.entries { try add(entry) }
        try check()
        try addMissingLibraries()
        try checkLibraries()
        addFolders()
    }

    /// The contents of the layers, from the bottom up.
    func layers(_ count: Int) -> [LayerContents] {
        (0..<count).map { LayerContents((items[$0] ?? [:]).sorted { $0.key < $1.key }.map(\.value)) }
    }

    // MARK: One file

    private mutating func add(_ entry: BaseFiles.Entry) throws {
        try Task.checkCancellation()
        switch entry.kind {
        case .folder: return
        case .link(let target): try addLink(entry, target)
        case .file(let file, isNative: true): try addNative(entry, file)
        case .file(let file, isNative: false): addPortable(entry, file)
        }
    }

    private func counterpart(of path: String) -> UnpackedPackage? { owners[path].flatMap { packages[$0.name] } }

    private mutating func addLink(_ entry: BaseFiles.Entry, _ target: String) throws {
        let path = translate(entry.path)
        let end = base.resolve(entry.path)
        var plain = true
        if let package = counterpart(of: entry.path), let end, case .file(_, isNative: true) = end.kind {
            switch package.item(at: path) {
            case .link(let other):
                guard let found = package.file(following: path) else { break }
                let mode = base.entries.first { $0.path == end.path }?.mode ?? 0o755
                try putNative(found.file, at: base.canonical(found.path), mode, in: entry.layer)
                put(.symlink(target: other, path: path, mode: 0o777, owner: .root), at: path, in: entry.layer)
                reached.insert(end.path)
                offered[name(path)] = native[base.canonical(found.path)]
                plain = false
            case .file(let file):
                try putNative(file, at: path, 0o755, in: entry.layer)
                reached.insert(end.path)
                plain = false
            case .folder, nil: missing.append("\(entry.path) (\(package.record.name))")
            }
        }
        guard plain else { return }
        let target = translate(target)
        put(.symlink(target: target, path: path, mode: entry.mode, owner: entry.owner), at: path, in: entry.layer)
    }

    private mutating func addNative(_ entry: BaseFiles.Entry, _ file: FilePath) throws {
        let path = translate(entry.path)
        guard let owner = owners[entry.path], !owner.isPortable else {
            missing.append("\(entry.path) (of no package)")
            return
        }
        guard let found = packages[owner.name]?.file(following: path) else {
            missing.append("\(entry.path) (\(owner.name))")
            return
        }
        try putNative(found.file, at: path, entry.mode, in: entry.layer)
    }

    private mutating func addPortable(_ entry: BaseFiles.Entry, _ file: FilePath) {
        let path = translate(entry.path)
        if let name = entry.path.suffix(after: Self.records), let package = packages[name] {
            let bytes = Array(package.record.status.utf8)
            put(.file(bytes, path: path, mode: entry.mode, owner: entry.owner), at: path, in: entry.layer)
            return
        }
        if let package = counterpart(of: entry.path) {
            let other = package.file(following: path) ?? package.file(following: entry.path)
            if let other, !other.file.hasSameBytes(as: file) {
                let version = owners[entry.path]?.version.description ?? ""
                let there = package.record.version.description
                different.append(
                    "\(entry.path) (\(package.record.name) \(version)\(there == version ? "" : ", there \(there)"))")
            } else if other == nil {
                missing.append("\(entry.path) (\(package.record.name))")
            }
        }
        put(.copy(file, path: path, mode: entry.mode, owner: entry.owner), at: path, in: entry.layer)
    }

    private mutating func putNative(_ file: FilePath, at path: String, _ mode: UInt16, in layer: Int) throws(Failure) {
        guard native[path] == nil else { return }
        guard let elf = try ElfFile(at: file), elf.machine == translate.to.machine else {
            throw Failure(
                .analysisFailed, "\(file) is not for \(translate.to.name), though its package says so",
                advice: "use another mirror")
        }
        native[path] = elf
        offered[name(path)] = elf
        put(.copy(file, path: path, mode: mode, owner: .root), at: path, in: layer)
    }

    private mutating func put(_ item: LayerContents.Item, at path: String, in layer: Int) {
        guard places.insert(path).inserted || items[layer]?[path] != nil else { return }
        items[layer, default: [:]][path] = item
    }

    private func name(_ path: String) -> String { FilePath(path).lastComponent?.string ?? "" }

    // MARK: The whole

    private func check() throws(Failure) {
        let missing = missing.filter { entry in !reached.contains(String(entry.prefix { $0 != " " })) }
        guard missing.isEmpty else {
            throw Failure(
                .analysisFailed,
                "the packages for \(translate.to.name) have no \(missing.sorted().joined(separator: ", ")), which the run "
                    + "image of this machine has")
        }
        guard different.isEmpty else {
            throw Failure(
                .analysisFailed,
                "files that are the same for all processors differ for \(translate.to.name): \(different.sorted().joined(separator: ", "))",
                advice: "bring this machine to the mirror's versions: apt upgrade")
        }
    }

    /// Adds libraries that only this processor's files need, out of the packages that are there.
    private mutating func addMissingLibraries() throws {
        var wanted = neededNames.subtracting(offered.keys)
        while !wanted.isEmpty {
            var isNew = false
            for name in wanted.sorted() {
                let path = "/lib/\(translate.to.triplet)/\(name)"
                for package in packages.values.sorted(by: { $0.record.name < $1.record.name }) {
                    guard let found = package.file(following: path) else { continue }
                    try putNative(found.file, at: base.canonical(path), 0o644, in: 0)
                    isNew = true
                    break
                }
            }
            guard isNew else { return }
            wanted = neededNames.subtracting(offered.keys)
        }
    }

    private var neededNames: Set<String> { Set(native.values.flatMap(\.needed)) }

    private func checkLibraries() throws(Failure) {
        for (path, elf) in native.sorted(by: { $0.key < $1.key }) {
            for name in elf.needed {
                guard let library = offered[name] else {
                    throw Failure(
                        .analysisFailed,
                        "\(path) for \(translate.to.name) needs \(name), which no package of the run image has")
                }
                let lacking = (elf.neededVersions[name] ?? []).subtracting(library.providedVersions).sorted()
                guard lacking.isEmpty else {
                    throw Failure(
                        .analysisFailed,
                        "\(path) for \(translate.to.name) needs \(lacking.joined(separator: ", ")) of \(name), which it lacks"
                    )
                }
            }
            if let interpreter = elf.interpreter, !places.contains(base.canonical(interpreter)),
                !places.contains("/usr" + interpreter)
            {
                throw Failure(
                    .analysisFailed, "\(path) for \(translate.to.name) is started by \(interpreter), which is not there"
                )
            }
        }
    }

    /// Adds the folders that are not empty now, and those that were empty in the base.
    private mutating func addFolders() {
        addInterpreterLink()
        var above: Set<String> = []
        for path in places { above.formUnion(Self.folders(above: path)) }
        let filled = Set(base.entries.flatMap { Self.folders(above: $0.path) })
        var known: Set<String> = []
        for entry in base.entries {
            let path = translate(entry.path)
            switch entry.kind {
            case .folder:
                guard above.contains(path) || !filled.contains(entry.path) else { continue }
                known.insert(path)
                items[entry.layer, default: [:]][path] = .directory(path, mode: entry.mode, owner: entry.owner)
            case .link:
                // A link to a folder that is empty now, such as /lib64.
                guard let end = base.resolve(entry.path), case .folder = end.kind, filled.contains(end.path),
                    !above.contains(translate(end.path))
                else { continue }
                items[entry.layer]?[path] = nil
            case .file: continue
            }
        }
        for path in above.subtracting(known) {
            items[0, default: [:]][path] = .directory(path, mode: 0o755, owner: .root)
        }
    }

    /// Adds `/lib64` where the processor's dynamic linker is named there, and the base has none.
    private mutating func addInterpreterLink() {
        let interpreter = translate.to.interpreter
        let folder = FilePath(interpreter).removingLastComponent().string
        guard places.contains("/usr" + interpreter), base.resolve(folder) == nil, !places.contains(folder) else {
            return
        }
        put(.symlink(target: "usr" + folder, path: folder, mode: 0o777, owner: .root), at: folder, in: 0)
    }

    private static func folders(above path: String) -> [String] {
        var folders: [String] = []
        var folder = FilePath(path).removingLastComponent()
        while folder != "/", !folder.isEmpty {
            folders.append(folder.string)
            folder = folder.removingLastComponent()
        }
        return folders
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
