import Files
import SystemPackage

/// Lists what of a project takes part in the build, folders before what is in them.
///
/// A relative link that stays inside the project stays a link, and so does one that leads nowhere, or to what is left out.
/// What any other link leads to is taken as if it stood there, because the build sees nothing outside its copy; outside
/// the project only where the user has opened that. Sockets, pipes and devices are left out, and so are folders of which the
/// user's patterns take nothing. The root of the machine and the kernel's own file systems are refused.
package struct SourceWalk {
    private let root: FilePath
    private let selection: SourceSelection
    private var entries: [SourceEntry] = []
    private var outsideLinks: [OutsideLinks.Link] = []
    private var foldersAbove: [FilePath] = []
    private let uncopied: UncopiedFolders
    private let listed: ListedFolders

    /// The entries of a project, or of the context that is copied with it; links on the way to the folder are followed.
    /// - Throws: `Failure` of code `outsideLinks` where links lead out of it, `usage` where
    ///   it is no folder that can be copied, `CancellationError`.
    package static func entries(of project: FilePath, _ selection: SourceSelection) throws -> [SourceEntry] {
        let root = selection.root(of: project)
        let uncopied = UncopiedFolders()
        let listed = try ListedFolders(root: root, selection, isUncopied: uncopied.has)
        var walk = SourceWalk(root: root, selection: selection, uncopied: uncopied, listed: listed)
        _ = try walk.visit(root, relative: "")
        guard walk.outsideLinks.isEmpty else {
            throw OutsideLinks(links: walk.outsideLinks, leavesContext: selection.context != nil).failure
        }
        return walk.entries
    }

    /// - Returns: whether something in the folder does not take part.
    private mutating func visit(_ folder: FilePath, relative: String) throws -> Bool {
        guard !foldersAbove.contains(folder) else { return false }
        try uncopied.refuse(folder, advice: advice(folder, relative))
        foldersAbove.append(folder)
        defer { foldersAbove.removeLast() }
        guard let entries = listed[relative] ?? ListedFolders.entries(of: folder, relative, selection) else {
            return false
        }
        var leavesOut = false
        for entry in entries {
            try Task.checkCancellation()
            let place = SourceEntry.Place(folder: folder, name: entry.name)
            let isTaken = try entry.isSelected && take(place, entry.path, entry.stamp)
            if !isTaken { leavesOut = true }
        }
        return leavesOut
    }

    /// How to keep a folder out: at its top the walk was told to go there.
    private func advice(_ folder: FilePath, _ relative: String) -> String {
        guard !relative.isEmpty else {
            return "name the project's own folder with --path, or a smaller one around it with --context"
        }
        return folder.starts(with: root)
            ? "leave it out by project.toml, in [io.buildpacks]: exclude = [\"\(relative)\"]"
            : "open a smaller folder with --follow-links"
    }

    /// - Returns: whether it takes part.
    private mutating func take(_ place: SourceEntry.Place, _ path: String, _ stamp: FileStamp) throws -> Bool {
        switch stamp.kind {
        case .file: entries.append(SourceEntry(path: path, kind: .file, place: place, stamp: stamp))
        case .folder:
            entries.append(SourceEntry(path: path, kind: .folder, place: place, stamp: stamp))
            let count = entries.count
            let leavesOut = try visit(place.path, relative: path)
            if leavesOut, entries.count == count, selection.hasPatterns {
                entries.removeLast()
                return false
            }
        case .link: try follow(place, path, stamp)
        case .other, .missing: return false
        }
        return true
    }

    private mutating func follow(_ place: SourceEntry.Place, _ path: String, _ stamp: FileStamp) throws {
        let link = place.path
        let isRelative = link.linkTarget.map { !$0.hasPrefix("/") } ?? false
        let asLink = SourceEntry(path: path, kind: .link, place: place, stamp: stamp)
        guard let target = link.realPath, let found = FileStamp(of: target) else {
            entries.append(asLink)
            return
        }
        let isInside = target.starts(with: root)
        if isInside, isRelative || !isSelected(target) {
            entries.append(asLink)
        } else if isInside || selection.openedPaths.contains(where: { target.starts(with: $0) }) {
            _ = try take(SourceEntry.Place(folder: target), path, found)
        } else if [.file, .folder].contains(found.kind), !Self.isResult(path, target) {
            let shown = selection.context?.fromProject(path) ?? path
            outsideLinks.append(OutsideLinks.Link(path: shown, target: target))
        }
    }

    /// Whether it is the link that a build by Nix leaves behind, which is no part of the project.
    static func isResult(_ path: String, _ target: FilePath) -> Bool {
        path.hasPrefix("result") && !path.contains("/") && target.starts(with: "/nix/store")
    }

    /// Whether what is at a path inside the project takes part by itself.
    private func isSelected(_ target: FilePath) -> Bool {
        var full = root
        var path = ""
        for component in target.components.dropFirst(root.components.count) {
            full.append(component)
            path += (path.isEmpty ? "" : "/") + component.string
            let isFolder = full.kind == .folder
            guard selection.includes(name: component.string, path: path, isFolder: isFolder) else { return false }
        }
        return true
    }
}

/// One file, folder or link of a project that takes part in its build.
package struct SourceEntry {
    package enum Kind: String, Sendable {
        case file = "f"
        case folder = "d"
        case link = "l"
    }

    /// A path in two parts: a project has many more files than folders, and most of their paths nobody asks for.
    struct Place {
        let folder: FilePath
        /// What is meant in the folder; `nil` is the folder itself.
        var name: String?

        var path: FilePath { name.map { folder.appending($0) } ?? folder }
    }

    /// The path relative to the folder that is copied.
    package let path: String
    package let kind: Kind
    let place: Place
    /// The origin's stamp; of a link its own.
    package let stamp: FileStamp

    /// Where its content comes from: elsewhere for what a link brings in from outside the project.
    package var origin: FilePath { place.path }
}
