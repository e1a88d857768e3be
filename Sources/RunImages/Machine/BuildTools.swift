import Diagnostics
import Files
import LayerArchive
import SystemPackage

/// The Erlang and the Elixir of a build image: folders of this machine.
package struct BuildTools: Sendable, Hashable {
    /// One of the two.
    package struct Tool: Sendable, Hashable {
        /// The folder with `bin` and `lib`.
        package var root: FilePath
        package var version: String

        package init(root: FilePath, version: String) {
            self.root = root
            self.version = version
        }
    }

    package var erlang: Tool
    package var elixir: Tool

    package init(erlang: Tool, elixir: Tool) {
        self.erlang = erlang
        self.elixir = elixir
    }
}

/// A tool that no package brought, such as one of asdf's: it moves to a folder of /opt.
struct MovedTool {
    enum Kind: String { case erlang, elixir }

    let kind: Kind
    let tool: BuildTools.Tool

    /// Where it is in the image.
    var home: String { "/opt/\(kind.rawValue)-\(tool.version)" }

    private static let leftOut: Set<String> = ["doc", "docs", "examples", "test", "tests", "man", "misc", "Install"]

    /// Its files at their new paths; scripts that name the old folder name the new one.
    /// - Parameter libraries: told of each library outside the tool that a program or library of it needs.
    /// - Throws: `Failure` that says why it cannot be moved.
    func items(libraries: (FilePath) -> Void) throws(Failure) -> [String: PackageTree.Item] {
        var items: [String: PackageTree.Item] = [:]
        let root = tool.root.realPath ?? tool.root
        for name in root.names where isPart(name) {
            try add(root.appending(name), at: home + "/" + name, depth: 1, to: &items)
        }
        let search = LibrarySearch()
        for case .file(let path, _) in items.values {
            let file = FilePath(path)
            guard let elf = try ElfFile(at: file) else { continue }
            for soname in elf.needed {
                guard let library = search.find(soname, for: elf, at: file) else {
                    throw cannotMove("\(file) needs \(soname), which is not on this machine")
                }
                guard library.starts(with: root) || library.starts(with: tool.root) else {
                    libraries(library)
                    continue
                }
                guard elf.runPath.contains(where: { $0.contains("$ORIGIN") }) else {
                    throw cannotMove("\(file) finds \(soname) only in this folder")
                }
            }
        }
        return items
    }

    /// The parts of an install that run it; what else a version manager keeps beside them stays out.
    private func isPart(_ name: String) -> Bool {
        switch kind {
        case .erlang:
            ["bin", "lib", "releases", "usr", "OTP_VERSION"].contains(name) || name.hasPrefix("erts-")
        case .elixir: ["bin", "lib", "VERSION"].contains(name)
        }
    }

    private func add(
        _ path: FilePath, at place: String, depth: Int, to items: inout [String: PackageTree.Item]
    ) throws(Failure) {
        guard let stamp = FileStamp(of: path) else { return }
        switch stamp.kind {
        case .folder:
            for name in path.names where !name.hasPrefix(".") && !(depth > 1 && Self.leftOut.contains(name)) {
                try add(path.appending(name), at: place + "/" + name, depth: depth + 1, to: &items)
            }
        case .link:
            guard let target = path.linkTarget else { return }
            items[place] = .link(moved(target))
        case .file: items[place] = try file(path, stamp)
        case .missing, .other: return
        }
    }

    /// Erlang's scripts name the folder that it was installed into.
    private func file(_ path: FilePath, _ stamp: FileStamp) throws(Failure) -> PackageTree.Item {
        let isProgram = stamp.permissions & 0o100 != 0
        let plain = PackageTree.Item.file(path.string, isProgram: isProgram)
        let folder = path.removingLastComponent().lastComponent?.string
        guard kind == .erlang, folder == "bin" || folder == "releases", stamp.size < 1 << 18 else { return plain }
        let bytes = try path.bytes(limit: 1 << 20)
        guard !ElfFile.isElf(bytes), !bytes.contains(0) else { return plain }
        let text = String(decoding: bytes, as: UTF8.self)
        let changed = moved(text)
        return changed == text ? plain : .bytes(Array(changed.utf8), isProgram: isProgram)
    }

    private func moved(_ text: String) -> String {
        let roots = Set([tool.root.string, (tool.root.realPath ?? tool.root).string])
        return roots.sorted { $0.count > $1.count }.reduce(text) { $0.replacing($1, with: home) }
    }

    private func cannotMove(_ why: String) -> Failure {
        Failure(
            .unsupported,
            "\(kind == .erlang ? "Erlang" : "Elixir") \(tool.version) in \(tool.root) cannot go into a build image: \(why)",
            advice: BuildImageFiles.otherWays)
    }
}
