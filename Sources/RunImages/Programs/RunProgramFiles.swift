import Diagnostics
import Files
import Glibc
import SystemPackage
import Text

/// Finds programs of this machine and all that they need to run: libraries, modules, data and configuration.
///
/// dpkg's packages say what belongs to a program. Where none has it, only its libraries are known.
package struct RunProgramFiles: Sendable {
    private let packages: PackageDatabase?
    private let folders: [FilePath]

    /// Creates the finder.
    /// - Parameters:
    ///   - packages: the machine's packages; `nil` where dpkg does not run it.
    ///   - searchPath: where programs are looked for: the image's own `PATH`, so that containers find what is found here.
    package init(packages: PackageDatabase? = PackageDatabase(), searchPath: String = MachineRunImage.searchPath) {
        self.packages = packages
        folders = searchPath.split(separator: ":").map { FilePath(String($0)) }
    }

    /// Those of some names that are neither a program nor a package of this machine.
    package func missing(of names: [String]) -> [String] {
        names.filter { place(of: $0) == nil && packages?.package(named: $0) == nil }
    }

    /// Adds programs to a selection, in the order of their names.
    /// - Throws: `Failure` that names a program that is not there, or whose libraries are not.
    func add(_ names: [String], to selection: inout FileSelection) throws(Failure) -> [RunProgram] {
        var programs: [RunProgram] = []
        for name in Set(names).sorted() { programs.append(try add(name, to: &selection)) }
        return programs
    }

    private func add(_ name: String, to selection: inout FileSelection) throws(Failure) -> RunProgram {
        let before = selection.items
        let place = place(of: name)
        let own = place.map(owners) ?? packages?.package(named: name).map { [$0] } ?? []
        guard place != nil || !own.isEmpty else {
            throw Failure(.notFound, "this machine has no \(name), which is to go into the run image")
        }
        let scripts = place.map(interpreters) ?? []
        if let place {
            for program in scripts + [place] { try selection.add(program) }
            try selection.addOpened(by: place.realPath ?? place)
        }
        let runners = scripts.compactMap { packages?.owner(of: $0.realPath ?? $0) }
        let used = addPackages(own + runners.filter { !own.contains($0) }, to: &selection)
        addAlternatives(notIn: before, to: &selection)
        addGenerated(notIn: before, to: &selection)
        let added = selection.items.filter { before[$0.key] == nil }
        let others = used.filter { !own.contains($0) && brings($0, some: added) }
        return RunProgram(
            name: name, version: own.first?.version, packages: (own + others).map(\.name), isPackaged: !own.isEmpty,
            size: added.values.reduce(0) { $0 + $1.size })
    }

    /// Whether some of the files that were added are a package's.
    private func brings(_ package: PackageDatabase.Package, some added: [String: FileSelection.Item]) -> Bool {
        packages?.files(of: package).contains { file in
            PackageDatabase.aliases(of: file).contains { added[$0].map { $0 != .folder } ?? false }
        } ?? false
    }

    /// Where a program is.
    private func place(of name: String) -> FilePath? {
        folders.map { $0.appending(name) }.first { $0.isFile && access($0.string, X_OK) == 0 }
    }

    /// The packages of a program: that of what its link leads to, and that of the link.
    private func owners(of place: FilePath) -> [PackageDatabase.Package] {
        guard let packages else { return [] }
        var owners: [PackageDatabase.Package] = []
        for path in [place.realPath ?? place, place] {
            guard let owner = packages.owner(of: path), !owners.contains(owner) else { continue }
            owners.append(owner)
        }
        return owners
    }

    /// What runs a script: the program that its first line names, and the one that `env` looks for.
    private func interpreters(of place: FilePath) -> [FilePath] {
        guard let line = ScriptLine(head(of: place)) else { return [] }
        let runner = FilePath(line.interpreter)
        return [runner.isFile ? runner : nil, line.searchedProgram.flatMap(self.place)].compactMap(\.self)
    }

    private func head(of place: FilePath) -> [UInt8] {
        guard let file = try? FileDescriptor.open(place, .readOnly, options: .closeOnExec) else { return [] }
        defer { try? file.close() }
        return file.filled(256) ?? []
    }

    // MARK: Packages

    /// Adds the files of packages and of what they depend on.
    /// - Returns: all of these packages.
    private func addPackages(
        _ roots: [PackageDatabase.Package], to selection: inout FileSelection
    ) -> [PackageDatabase.Package] {
        guard let packages else { return [] }
        var used: [PackageDatabase.Package] = []
        var queue = roots
        var known = Set(roots)
        while !queue.isEmpty {
            let root = queue.removeFirst()
            for package in packages.closure(of: root) where package == root || known.insert(package).inserted {
                let files = packages.files(of: package).filter(PackagedFile.isNeeded)
                for file in files { selection.addPackaged(FilePath(file)) }
                if let list = packages.list(of: package) { selection.watch([list.string]) }
                used.append(package)
                guard roots.contains(package) else { continue }
                // Packages need not name what every machine has, such as perl-base.
                for more in essentialInterpreters(of: files, packages) where known.insert(more).inserted {
                    queue.append(more)
                }
            }
        }
        return used
    }

    private func essentialInterpreters(
        of files: [String], _ packages: PackageDatabase
    ) -> [PackageDatabase.Package] {
        var places: Set<FilePath> = []
        for file in files where access(file, X_OK) == 0 && FilePath(file).isFile {
            places.formUnion(interpreters(of: FilePath(file)))
        }
        return places.sorted { $0.string < $1.string }.compactMap { packages.owner(of: $0.realPath ?? $0) }.filter(
            \.isEssential)
    }

    /// Adds the links of Debian's alternatives, such as `convert`, that lead to a file of a program: no package lists them.
    private func addAlternatives(notIn before: [String: FileSelection.Item], to selection: inout FileSelection) {
        let alternatives: FilePath = "/etc/alternatives"
        for name in alternatives.names {
            guard let target = alternatives.appending(name).linkTarget,
                let real = FilePath(target).realPath?.string, selection.items[real] != nil, before[real] == nil
            else { continue }
            for folder in folders where folder.appending(name).linkTarget == alternatives.appending(name).string {
                selection.addPackaged(folder.appending(name))
            }
        }
    }

    /// Adds what is generated from the files of packages when they are installed, and that programs need: no package lists it.
    private func addGenerated(notIn before: [String: FileSelection.Item], to selection: inout FileSelection) {
        for (path, item) in selection.items where item == .folder && before[path] == nil {
            for name in ["loaders.cache", "giomodule.cache", "gschemas.compiled", "mime.cache"] {
                let file = FilePath(path).appending(name)
                if file.isFile { selection.addPackaged(file) }
            }
        }
    }
}

/// A path that a package lists.
enum PackagedFile {
    private static let leftOutFolders = [
        "/usr/share/doc/", "/usr/share/man/", "/usr/share/info/", "/usr/share/locale/", "/usr/share/lintian/",
        "/usr/share/bug/", "/usr/share/debianutils/", "/usr/share/doc-base/", "/usr/share/menu/",
        "/usr/share/applications/",
        "/usr/share/bash-completion/", "/usr/share/zsh/", "/usr/share/fish/", "/usr/share/gtk-doc/", "/usr/share/help/",
        "/usr/share/pixmaps/", "/usr/share/metainfo/", "/usr/share/apport/", "/usr/share/gdb/", "/usr/share/aclocal/",
        "/usr/share/pkgconfig/", "/usr/include/", "/usr/src/", "/usr/lib/systemd/", "/lib/systemd/", "/usr/lib/debug/",
        "/usr/lib/sysusers.d/", "/usr/lib/tmpfiles.d/", "/etc/init.d/", "/etc/cron.", "/etc/logrotate.d/",
        "/etc/apparmor.d/", "/etc/bash_completion.d/", "/boot/", "/tmp/", "/proc/", "/sys/", "/dev/", "/home/",
        "/root/",
    ]
    /// What the run image has in its own words.
    private static let written: Set<String> = [
        "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/os-release",
    ]

    /// Whether a program needs it to run: not documentation, translations, and what is for compilers or the system's start.
    ///
    /// A package that is not for development has `.la` files for its modules, by which libltdl finds them (ImageMagick).
    static func isNeeded(_ path: String) -> Bool {
        !leftOutFolders.contains(where: path.hasPrefix) && !written.contains(path)
            && ![".a", ".pc"].contains(where: path.hasSuffix)
    }
}

extension FileSelection.Item {
    /// The size of a file; 0 for what is none.
    fileprivate var size: Int64 {
        switch self {
        case .folder, .link: 0
        case .file(let file, _): file.fileSize ?? 0
        }
    }
}

extension FileSelection {
    /// Adds a file or link that a package lists, as far as the machine has it and everybody may read it.
    ///
    /// A module whose library is not installed cannot be loaded on this machine either.
    fileprivate mutating func addPackaged(_ path: FilePath) {
        guard let stamp = FileStamp(of: path), stamp.kind != .folder else { return }
        if let file = FileStamp(behind: path), file.kind == .file, file.permissions & 0o004 == 0 { return }
        _ = try? add(path)
    }
}
