import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage

/// The application's folder that external buildpacks work in: a copy of what takes part of the project.
///
/// It is made anew for each build. What buildpacks change there goes into the image, never into the project.
struct WorkspaceCopy {
    let project: FilePath
    let selection: SourceSelection
    let folder: FilePath

    /// Makes the copy; times, links inside the project and what may be executed stay as they are.
    /// - Parameter modified: the time that everything gets, in nanoseconds.
    /// - Throws: `Failure`: of code `outsideLinks`, or where a file cannot be read or written, `CancellationError`.
    func make(modified: Int64? = nil) throws {
        var folders = [folder]
        try folder.remove()
        try folder.makeFolders()
        chmod(folder.nameBytes, 0o755)
        for entry in try SourceWalk.entries(of: project, selection) {
            try Task.checkCancellation()
            let place = folder.appending(FilePath(entry.path).components)
            switch entry.kind {
            case .folder:
                guard mkdir(place.nameBytes, 0o755) == 0 else { throw Failure.system(.unwritable, place.string) }
                chmod(place.nameBytes, 0o755)
                folders.append(place)
            case .file:
                // Not the user's own mode: what the image gets must not depend on a umask.
                try entry.origin.copyFile(
                    to: place, permissions: entry.stamp.mode & 0o100 != 0 ? 0o755 : 0o644,
                    modified: modified ?? entry.stamp.modified)
            case .link:
                try place.makeLink(to: entry.origin.linkTarget ?? "")
                if let modified { try place.setModified(modified) }
            }
        }
        // What goes into a folder changes its time.
        if let modified { for folder in folders.reversed() { try folder.setModified(modified) } }
    }

    /// Takes the project's own files out of the copy again; what buildpacks made stays.
    ///
    /// Folders of the copy are walked, not those of the project: a buildpack may have put a link in a folder's place.
    func removeSource() throws { try removeSource(in: folder, relative: "") }

    private func removeSource(in place: FilePath, relative: String) throws {
        try Task.checkCancellation()
        for name in place.names {
            let path = relative.isEmpty ? name : relative + "/" + name
            let copy = place.appending(name)
            let isFolder = copy.kind == .folder
            let isSource =
                project.appending(path).exists && selection.includes(name: name, path: path, isFolder: isFolder)
            guard isFolder else {
                // A source that stayed would be in the image.
                if isSource { try copy.remove() }
                continue
            }
            try removeSource(in: copy, relative: path)
            // Only a folder that became empty goes.
            if isSource { rmdir(copy.nameBytes) }
        }
    }
}
