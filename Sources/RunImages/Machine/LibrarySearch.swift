import Files
import SystemPackage

/// Finds libraries as the machine's dynamic linker does: by run path, then in the folders of ld.so.conf and the usual ones.
package struct LibrarySearch: Sendable {
    private let folders: [FilePath]

    /// Reads the folders of a root, `/` by default.
    package init(root: FilePath = "/") {
        let configured = Self.folders(in: root.appending("etc").appending("ld.so.conf"), root: root, depth: 0)
        let usual = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
        folders = (configured + usual).map { root.pushing(FilePath($0).removingRoot()) }
    }

    package func find(_ soname: String, for file: ElfFile, at path: FilePath) -> FilePath? {
        places(of: soname, for: file, at: path).first { candidate in
            guard let library = try? ElfFile(at: candidate) else { return false }
            return library.machine == file.machine && library.bits == file.bits
        }
    }

    /// Where a library of a file is looked for, in order.
    func places(of soname: String, for file: ElfFile, at path: FilePath) -> [FilePath] {
        let origin = path.removingLastComponent().string
        let runPath = file.runPath.map { text in
            FilePath(text.split(separator: "$ORIGIN", omittingEmptySubsequences: false).joined(separator: origin))
        }
        return (runPath + folders).map { $0.appending(soname) }
    }

    private static func folders(in file: FilePath, root: FilePath, depth: Int) -> [String] {
        guard depth < 4, let text = file.text else { return [] }
        let lines = text.split(separator: "\n").map { line in
            line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" })
        }
        return lines.flatMap { words -> [String] in
            guard let first = words.first else { return [] }
            guard first == "include" else { return [String(first)] }
            return words.dropFirst().flatMap { included(String($0), root: root, depth: depth) }
        }
    }

    /// The files of an `include` line: a pattern with `*` in its last part.
    private static func included(_ pattern: String, root: FilePath, depth: Int) -> [String] {
        let folder = root.pushing(FilePath(pattern).removingLastComponent().removingRoot())
        let parts = (FilePath(pattern).lastComponent?.string ?? "").split(
            separator: "*", omittingEmptySubsequences: false)
        guard let head = parts.first, let tail = parts.last else { return [] }
        return folder.names.filter { $0.hasPrefix(head) && $0.hasSuffix(tail) }
            .flatMap { folders(in: folder.appending($0), root: root, depth: depth + 1) }
    }
}
