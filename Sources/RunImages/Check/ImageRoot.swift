import Diagnostics
import Files
import OCIImage

/// An image's files as a container would see them: paths with links followed, and what the libraries among them offer.
actor ImageRoot {
    private let files: ImageFiles
    private let tree: FileTree
    private var binaries: [String: ElfFile?] = [:]
    private var folders: [String]?

    /// Where dynamic linkers look when nothing else is configured, Debian's folders among them.
    private static let usualFolders =
        DebianArchitecture.all.flatMap { ["/lib/\($0.triplet)", "/usr/lib/\($0.triplet)"] }
        + ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib"]
    private static let largestLibrary = 1 << 28

    init(_ image: Image, blobs: any BlobSource) async throws(Failure) {
        files = ImageFiles(image, blobs: blobs)
        tree = try await files.mergedTree(through: image.layers.count - 1)
    }

    /// Whether there is something at a path, links followed.
    func has(_ path: String) -> Bool { place(of: path) != nil }

    /// The names in a folder, links followed; none if there is no such folder.
    func names(in path: String) -> [String] {
        guard let place = place(of: path), tree[place].kind == .directory else { return [] }
        return tree.children(of: place).map { tree.name(of: $0) }
    }

    /// A file's text; `nil` if there is no such file.
    func text(of path: String) async throws(Failure) -> String? {
        guard let place = place(of: path), tree[place].kind == .file else { return nil }
        return String(decoding: try await content(of: place), as: UTF8.self)
    }

    /// The library of a soname, looked for in folders first and then where the image's dynamic linker looks.
    func library(_ soname: String, startingIn first: [String]) async throws -> (path: String, elf: ElfFile)? {
        for folder in first + (try await libraryFolders()) {
            guard let place = place(of: folder + "/" + soname), let elf = try await binary(at: place) else { continue }
            return (tree.path(of: place), elf)
        }
        return nil
    }

    private func binary(at place: FileTree.ID) async throws -> ElfFile? {
        let path = tree.path(of: place)
        if let known = binaries[path] { return known }
        let bytes = try await content(of: place)
        let elf = ElfFile.isElf(bytes) ? try ElfFile(bytes, name: path) : nil
        binaries[path] = .some(elf)
        return elf
    }

    private func content(of place: FileTree.ID) async throws(Failure) -> [UInt8] {
        try await files.content(of: tree.path(of: place), in: Int(tree[place].layer), limit: Self.largestLibrary)
    }

    private func libraryFolders() async throws -> [String] {
        if let folders { return folders }
        var found: [String] = []
        for file in configurationFiles() {
            let text = String(decoding: try await content(of: file), as: UTF8.self)
            found += text.split(separator: "\n").map { $0.trimmingSpaces }.filter { $0.hasPrefix("/") }
        }
        let all = found + Self.usualFolders.filter { !found.contains($0) }
        folders = all
        return all
    }

    private func configurationFiles() -> [FileTree.ID] {
        let parts = place(of: "/etc/ld.so.conf.d").map { tree.children(of: $0) } ?? []
        let all =
            [place(of: "/etc/ld.so.conf")].compactMap { $0 } + parts.filter { tree.name(of: $0).hasSuffix(".conf") }
        return all.filter { tree[$0].kind == .file }
    }

    private func place(of path: String) -> FileTree.ID? { tree.node(following: path) }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
    }
}
