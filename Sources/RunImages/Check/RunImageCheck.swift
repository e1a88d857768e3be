import Glibc
import OCIImage
import SystemPackage
import Text

/// Compares what a release needs of the system with what a run image has, before anything is exported.
///
/// Looked at are the dynamic linker, shared libraries with the versions of their symbols, the processor, the programs that
/// the release's scripts call, and the locale.
package struct RunImageCheck: Sendable {
    private let image: Image
    private let blobs: any BlobSource

    package init(_ image: Image, blobs: any BlobSource) {
        self.image = image
        self.blobs = blobs
    }

    /// What is missing, fatal findings first, then by name; none where the release fits.
    /// - Parameters:
    ///   - folders: the release's folders on this machine: one, or the layers that it is split into.
    ///   - scripts: files that start processes, by the names that messages have for them.
    ///   - isKnown: whether a file is known to fit, by its path in its folder.
    /// - Throws: `Failure` when a layer or a file of the release cannot be read.
    package func findings(
        for folders: [FilePath], scripts: [String: FilePath] = [:],
        except isKnown: (_ path: String) -> Bool = { _ in false }
    ) async throws -> [RunImageFinding] {
        let root = try await ImageRoot(image, blobs: blobs)
        let binaries = try ReleaseBinary.all(in: folders, except: isKnown)
        let own = Set(binaries.compactMap { $0.location.lastComponent?.string })
        var list = FindingList(architecture: image.configuration.architecture)
        var walk = LibraryWalk(root: root, own: own)
        for binary in binaries {
            guard list.fits(binary) else { continue }
            if let linker = binary.elf.interpreter, await !root.has(linker) {
                list.addLinker(linker, neededBy: binary.path)
            } else {
                try await walk.visit(binary, &list)
            }
        }
        for (name, file) in scripts.sorted(by: { $0.key < $1.key }) {
            try await addInterpreter(of: file, named: name, root, &list)
        }
        for tool in ReleaseTool.all where try await !hasTool(tool.name, root) { list.add(tool) }
        if await !hasUTF8(root) { list.addLocale() }
        return list.findings
    }

    /// Those of some paths at which the image has something.
    /// - Throws: `Failure` when a layer cannot be read.
    package func paths(_ paths: [String]) async throws -> Set<String> {
        guard !paths.isEmpty else { return [] }
        let root = try await ImageRoot(image, blobs: blobs)
        var found: Set<String> = []
        for path in paths where await root.has(path) { found.insert(path) }
        return found
    }

    /// Those of some names that are neither a program on the image's `PATH` nor a package that dpkg installed in it, sorted.
    /// - Throws: `Failure` when a layer cannot be read.
    package func missing(of programs: [String]) async throws -> [String] {
        guard !programs.isEmpty else { return [] }
        let root = try await ImageRoot(image, blobs: blobs)
        var missing: [String] = []
        for name in Set(programs).sorted() {
            // Debian's images list packages in info, the ones without a package manager in status.d.
            let lists = ["info/\(name).list", "status.d/\(name)"].map { "/var/lib/dpkg/" + $0 }
            var isThere = try await hasTool(name, root)
            for list in lists where !isThere { isThere = await root.has(list) }
            if !isThere { missing.append(name) }
        }
        return missing
    }

    private func hasTool(_ name: String, _ root: ImageRoot) async throws -> Bool {
        let path = image.configuration.config.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.split(separator: ":") where await root.has("\(folder)/\(name)") { return true }
        return false
    }

    /// What is in the layers themselves is the business of whoever made them.
    private static let own = ["/layers/", "/workspace/", "/cnb/"]

    private func addInterpreter(
        of file: FilePath, named name: String, _ root: ImageRoot, _ list: inout FindingList
    ) async throws {
        guard let line = ScriptLine((try? file.bytes()) ?? []), !Self.own.contains(where: line.interpreter.hasPrefix)
        else { return }
        if await !root.has(line.interpreter) {
            let place = FilePath(line.interpreter)
            list.addInterpreter(
                line.interpreter, of: name, installed: place.isOfSystem && place.isProgram ? place : nil)
        }
        if let program = line.searchedProgram, try await !hasTool(program, root) {
            let places = ["/usr/local/bin", "/usr/bin", "/bin"].map { FilePath($0).appending(program) }
            list.addInterpreter(program, of: name, installed: places.first(where: \.isProgram))
        }
    }

    /// Musl knows no other encoding.
    private func hasUTF8(_ root: ImageRoot) async -> Bool {
        let places =
            ["/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8", "/usr/lib/locale/locale-archive"]
            + DebianArchitecture.muslLoaders
        for place in places where await root.has(place) { return true }
        return false
    }
}

/// A program that the scripts of a release call.
struct ReleaseTool {
    let name: String
    /// What does not work without it.
    let purpose: String
    let isFatal: Bool
    let package: String

    static let all =
        tools(
            [
                "sh": "dash", "dirname": "coreutils", "cut": "coreutils", "sed": "sed", "cat": "coreutils",
                "basename": "coreutils",
            ], "no command of the release starts", isFatal: true)
        + tools(["dd": "coreutils", "od": "coreutils", "awk": "mawk"], "remote, rpc, stop and pid do not work")
        + tools(["grep": "grep", "readlink": "coreutils"], "the release's script prints a warning at each start")

    private static func tools(_ packages: [String: String], _ purpose: String, isFatal: Bool = false) -> [ReleaseTool] {
        packages.sorted { $0.key < $1.key }
            .map { ReleaseTool(name: $0.key, purpose: purpose, isFatal: isFatal, package: $0.value) }
    }
}

extension FilePath {
    /// Whether it is of the system and not of a user: a project names it, so it must not lead anywhere.
    var isOfSystem: Bool {
        let place = lexicallyNormalized().string
        return ["/bin/", "/sbin/", "/lib", "/usr/", "/opt/", "/nix/store/", "/home/linuxbrew/"].contains(
            where: place.hasPrefix)
    }

    fileprivate var isProgram: Bool { isFile && access(string, X_OK) == 0 }
}
