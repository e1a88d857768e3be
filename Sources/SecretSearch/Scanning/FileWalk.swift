import Files
import SystemPackage

/// Goes through the regular files below a folder, in the order of their names.
struct FileWalk {
    private let isSkipped: (String, Bool) -> Bool
    private let found: (String, String) throws -> Void

    /// Tells of each file by its path relative to the folder and its whole path.
    static func visit(
        _ folder: FilePath, skipping isSkipped: (_ path: String, _ isFolder: Bool) -> Bool,
        _ found: (_ path: String, _ full: String) throws -> Void
    ) throws {
        try withoutActuallyEscaping(isSkipped) { isSkipped in
            try withoutActuallyEscaping(found) { found in
                try FileWalk(isSkipped: isSkipped, found: found).visit(folder, below: "")
            }
        }
    }

    private func visit(_ folder: FilePath, below: String) throws {
        for entry in try FolderListing(folder).entries {
            let full = folder.appending(entry.text)
            let path = below + entry.text
            let kind = entry.kind ?? full.kind
            guard !isSkipped(path, kind == .folder) else { continue }
            switch kind {
            case .folder: try visit(full, below: path + "/")
            case .file: try found(path, full.string)
            case .link, .other, .missing: break
            }
        }
    }
}
