import Files
import SystemPackage

/// The folders and files that git needs to answer in a project: `.git`, here or above, and what that leads to.
///
/// A worktree's and a submodule's `.git` is a file that names a folder elsewhere. That folder is taken only where it
/// names this one in return: else a project could have any repository of the machine shown to it.
struct GitFolder {
    let project: FilePath

    /// The paths; those inside the project too.
    var paths: [FilePath] {
        guard let file = nearest else { return [] }
        if file.isFolder { return [file] }
        return [file] + linked(from: file)
    }

    /// The folder that the repository is checked out in.
    var worktree: FilePath? { nearest?.removingLastComponent() }

    /// The nearest `.git` that is a folder or a file; links are not followed.
    private var nearest: FilePath? {
        var folder = project
        while true {
            let git = folder.appending(".git")
            if git.kind == .link { return nil }
            if git.leadsSomewhere { return git }
            guard !folder.components.isEmpty else { return nil }
            folder.removeLastComponent()
        }
    }

    private func linked(from file: FilePath) -> [FilePath] {
        let worktree = file.removingLastComponent()
        guard let text = try? ProjectFile.text(file), text.hasPrefix("gitdir:"),
            let folder = Self.resolve(text.dropFirst("gitdir:".count), from: worktree),
            folder.appending("HEAD").leadsSomewhere
        else { return [] }
        if let back = try? ProjectFile.text(folder.appending("gitdir")),
            Self.resolve(back, from: folder) == file.realPath
        {
            let common = (try? ProjectFile.text(folder.appending("commondir"))).flatMap {
                Self.resolve($0, from: folder)
            }
            // A worktree's own folder lies in the common one; anything else is not git's doing.
            guard let common, folder.removingLastComponent() == common.appending("worktrees"),
                ["HEAD", "objects", "refs"].allSatisfy({ common.appending($0).leadsSomewhere })
            else { return [] }
            return [common]
        }
        guard let back = Self.worktree(namedIn: folder), back == worktree.realPath else { return [] }
        return [folder]
    }

    /// `core.worktree` of a submodule's folder.
    private static func worktree(namedIn folder: FilePath) -> FilePath? {
        guard let text = try? ProjectFile.text(folder.appending("config")),
            let match = text.firstMatch(of: /(?m)^\s*worktree\s*=\s*(.+?)\s*$/)
        else { return nil }
        return resolve(match.1, from: folder)
    }

    private static func resolve(_ text: some StringProtocol, from folder: FilePath) -> FilePath? {
        let words = text.drop(while: \.isWhitespace)
        let path = String(words.prefix { !$0.isNewline })
        return path.isEmpty ? nil : folder.pushing(FilePath(path)).realPath
    }
}
