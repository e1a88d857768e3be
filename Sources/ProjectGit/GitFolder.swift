import Files
import SystemPackage

/// The repository that a folder belongs to: where it is checked out, and where git keeps it.
///
/// A worktree's and a submodule's `.git` is a file that names a folder elsewhere. That folder counts only if it names this
/// one in return: otherwise a project could have any repository of the machine shown to it.
///
/// Source: [gitrepository-layout](https://git-scm.com/docs/gitrepository-layout).
package struct GitFolder: Sendable, Hashable {
    /// The folder that has `.git` in it.
    package let worktree: FilePath
    /// The folder with HEAD and the index.
    package let own: FilePath
    /// The folder with objects, refs and configuration; a worktree shares it with others.
    package let common: FilePath

    /// Whether `.git` is a file that leads elsewhere.
    package var isLinked: Bool { own != worktree.appending(".git") }

    /// Where it borrows objects, as a clone made with `--shared` or `--reference` does; `nil` if it has all of its own.
    var lender: String? {
        let lines = Self.text(common.appending("objects/info/alternates"))?.split(separator: "\n") ?? []
        return lines.first { !$0.hasPrefix("#") }.map(String.init)
    }

    /// The repository of a folder: the nearest `.git`, here or above; links are not followed.
    /// - Parameters:
    ///   - folder: a real path.
    ///   - home: the user's home folder. A repository in it or above is never used for a project in a folder below.
    package init?(of folder: FilePath, home: FilePath?) {
        guard let file = Self.nearest(folder) else { return nil }
        let worktree = file.removingLastComponent()
        guard worktree == folder || !HomeFolder(home).isWithin(worktree) else { return nil }
        self.worktree = worktree
        if file.kind == .folder {
            (own, common) = (file, file)
            return
        }
        guard let (own, common) = Self.linked(from: file) else { return nil }
        (self.own, self.common) = (own, common)
    }

    private static func nearest(_ folder: FilePath) -> FilePath? {
        var folder = folder
        while true {
            let git = folder.appending(".git")
            switch git.kind {
            case .file, .folder: return git
            case .link, .other: return nil
            case .missing: break
            }
            guard !folder.components.isEmpty else { return nil }
            folder.removeLastComponent()
        }
    }

    private static func linked(from file: FilePath) -> (own: FilePath, common: FilePath)? {
        let worktree = file.removingLastComponent()
        guard let text = text(file), text.hasPrefix("gitdir:"),
            let folder = resolve(text.dropFirst("gitdir:".count), from: worktree),
            folder.appending("HEAD").leadsSomewhere
        else { return nil }
        if let back = Self.text(folder.appending("gitdir")), resolve(back, from: folder) == file.realPath {
            let common = Self.text(folder.appending("commondir")).flatMap { resolve($0, from: folder) }
            // A worktree's own folder lies in the common one; git makes nothing else.
            guard let common, folder.removingLastComponent() == common.appending("worktrees"),
                ["HEAD", "objects", "refs"].allSatisfy({ common.appending($0).leadsSomewhere })
            else { return nil }
            return (folder, common)
        }
        guard let back = Self.worktree(namedIn: folder), back == worktree.realPath else { return nil }
        return (folder, folder)
    }

    /// `core.worktree` of a submodule's folder.
    private static func worktree(namedIn folder: FilePath) -> FilePath? {
        GitConfiguration(text(folder.appending("config")) ?? "").value(of: "core", "worktree")
            .flatMap { resolve($0, from: folder) }
    }

    private static func text(_ file: FilePath) -> String? {
        (try? file.bytes(limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func resolve(_ text: some StringProtocol, from folder: FilePath) -> FilePath? {
        let words = text.drop(while: \.isWhitespace)
        let path = String(words.prefix { !$0.isNewline })
        return path.isEmpty ? nil : folder.pushing(FilePath(path)).realPath
    }
}

/// The user's home folder, by the name it is given and by its real path.
package struct HomeFolder: Sendable {
    private let paths: [FilePath]

    package init(_ home: FilePath?) {
        paths = home.map { [$0, $0.realPath ?? $0] } ?? []
    }

    /// Whether the home folder is this folder or somewhere in it.
    package func isWithin(_ folder: FilePath) -> Bool {
        folder.components.isEmpty || paths.contains { $0.starts(with: folder) }
    }
}
