import Diagnostics
import Files
import LayerArchive
import SystemPackage
import Text

/// The application's folder, cut into layers: one a slice, and one with what is left
/// ([CNB Platform specification, Slices](https://github.com/buildpacks/spec/blob/main/buildpack.md#slice-layers)).
struct SliceDivision {
    let folder: FilePath
    let slices: [[String]]

    var form = ImageForm()
    /// Files in the folder that stay out of the layers; folders that have nothing else stay out too.
    var omitted: Set<String> = []

    /// The application's folder in the image.
    private var root: String { form.application }

    /// The layers' contents, the slices first; without slices the whole folder.
    /// - Throws: `Failure`, also for a pattern that is malformed or leads out of the folder.
    func layers() throws -> [LayerContents] {
        let owner = form.owner
        guard !slices.isEmpty || !omitted.isEmpty else {
            return [LayerContents([.tree(folder, at: root, owner: owner, rule: Self.modes)])]
        }
        let entries = try entries()
        guard !slices.isEmpty else { return [contents(entries)] }
        var left = entries
        var result: [LayerContents] = []
        for paths in slices {
            let patterns = try paths.map(pattern)
            let chosen = Self.chosen(from: left, by: patterns)
            result.append(contents(chosen, among: entries))
            left.removeAll { chosen.contains($0.path) }
        }
        return result + [try remainder(left, among: entries)]
    }

    /// Whether there is nothing in the folder but what stays out.
    var isEmpty: Bool {
        get throws { try omitted.isEmpty ? FolderListing(folder).entries.isEmpty : entries().isEmpty }
    }

    /// What goes into the layers, sorted by path.
    private func entries() throws -> [TarEntry] {
        var entries: [TarEntry] = []
        try FolderScan(folder).run { entry in
            if case .special = entry.kind { return }
            entries.append(entry)
        }
        entries.sort { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }
        guard !omitted.isEmpty else { return entries }
        let kept = entries.filter { !omitted.contains($0.path) }
        let parents = Set(kept.flatMap { Self.ancestors(of: $0.path) })
        return entries.filter { !omitted.contains($0.path) || parents.contains($0.path) }
    }

    /// A folder's own mode, which does not depend on who made the copy.
    private static let modes: LayerContents.Tree.Rule = { file in file.path.isEmpty ? 0o755 : file.mode }

    private func pattern(_ text: String) throws -> GlobPattern {
        guard let pattern = GlobPattern(text, root: root) else {
            throw Failure(.malformed, "[[slices]]: \"\(text)\" is not a pattern for paths in the application's folder")
        }
        return pattern
    }

    /// The paths that match, each folder with all below it.
    private static func chosen(from entries: [TarEntry], by patterns: [GlobPattern]) -> Set<String> {
        var chosen: Set<String> = []
        for entry in entries {
            let isBelow = ancestors(of: entry.path).contains(where: chosen.contains)
            if isBelow || patterns.contains(where: { $0.matches(entry.path) }) { chosen.insert(entry.path) }
        }
        return chosen
    }

    private static func ancestors(of path: String) -> [String] {
        path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }

    /// A slice: its paths and the folders above them; nothing at all where nothing matched.
    private func contents(_ chosen: Set<String>, among entries: [TarEntry]) -> LayerContents {
        guard !chosen.isEmpty else { return LayerContents() }
        let parents = Set(chosen.flatMap(Self.ancestors))
        return contents(entries.filter { chosen.contains($0.path) || parents.contains($0.path) })
    }

    /// What no slice took; folders whose content all went into slices are left out.
    private func remainder(_ left: [TarEntry], among entries: [TarEntry]) throws -> LayerContents {
        let inhabited = Set(entries.flatMap { Self.ancestors(of: $0.path) })
        let files = left.filter { $0.kind != .directory || !inhabited.contains($0.path) }
        guard !files.isEmpty || entries.isEmpty else { return LayerContents() }
        let kept = Set(files.map(\.path))
        let parents = Set(kept.flatMap(Self.ancestors))
        return contents(entries.filter { kept.contains($0.path) || parents.contains($0.path) })
    }

    private func contents(_ entries: [TarEntry]) -> LayerContents {
        let owner = form.owner
        let items = entries.map { entry -> LayerContents.Item in
            let path = root + "/" + entry.path
            switch entry.kind {
            case .directory: return .directory(path, mode: entry.mode, owner: owner)
            case .symlink(let target): return .symlink(target: target, path: path, mode: entry.mode, owner: owner)
            default: return .copy(folder.appending(entry.path), path: path, mode: nil, owner: owner)
            }
        }
        return LayerContents([.directory(root, mode: 0o755, owner: owner)] + items)
    }
}

/// A pattern for paths as Go's `filepath.Match` has it: `*` and `?` stay within one part, `[a-z]` and `\` as in shells.
struct GlobPattern {
    private let parts: [NamePattern]

    /// Reads a pattern; `nil` for one that is malformed, or that leads out of the folder.
    /// - Parameter root: an absolute pattern counts from here, where it begins with it.
    init?(_ text: String, root: String) {
        var text = text[...]
        if text.hasPrefix("/") {
            guard text == root || text.hasPrefix(root + "/") else { return nil }
            text = text.dropFirst(root.count)
        }
        var parts: [NamePattern] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(NamePattern(part, .go))
            }
        }
        guard !parts.isEmpty, parts.allSatisfy(\.isWellFormed) else { return nil }
        self.parts = parts
    }

    /// Whether a path relative to the folder matches, part by part.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        return names.count == parts.count
            && zip(parts, names).allSatisfy { $0.matches($1) }
    }
}
