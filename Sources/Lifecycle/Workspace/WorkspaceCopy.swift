import BuildpackAPI
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
    /// - Throws: `Failure` of code `outsideLinks`, `Errno` when a file cannot be read or written, `CancellationError`.
    func make() throws {
        folder.removeAllForced()
        try folder.makeDirectories()
        chmod(folder.string, 0o755)
        for entry in try SourceWalk.entries(of: project, selection) {
            try Task.checkCancellation()
            let place = folder.appending(FilePath(entry.path).components)
            switch entry.kind {
            case .folder:
                guard mkdir(place.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
                chmod(place.string, 0o755)
            case .file: try Self.copy(entry.origin, to: place, FileStamp(entry.status))
            case .link: try Self.copyLink(entry.origin, to: place)
            }
        }
    }

    /// Takes the project's own files out of the copy again; what buildpacks made stays.
    ///
    /// Folders of the copy are walked, not those of the project: a buildpack may have put a link in a folder's place.
    func removeSource() throws { try removeSource(in: folder, relative: "") }

    private func removeSource(in place: FilePath, relative: String) throws {
        try Task.checkCancellation()
        for name in place.directoryNames() {
            let path = relative.isEmpty ? name : relative + "/" + name
            let copy = place.appending(name)
            let isFolder = FileKind(at: copy) == .folder
            let isSource =
                project.appending(path).exists && selection.includes(name: name, path: path, isFolder: isFolder)
            guard isFolder else {
                if isSource { unlink(copy.string) }
                continue
            }
            try removeSource(in: copy, relative: path)
            // Only a folder that became empty goes.
            if isSource { rmdir(copy.string) }
        }
    }

    private static func copy(_ source: FilePath, to place: FilePath, _ stamp: FileStamp) throws {
        // Not the user's own mode: what the image gets must not depend on a umask.
        let mode = FilePermissions(rawValue: stamp.mode & 0o100 != 0 ? 0o755 : 0o644)
        let input = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        try input.closeAfter {
            let output = try FileDescriptor.open(
                place, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: mode)
            try output.closeAfter {
                fchmod(output.rawValue, mode.rawValue)
                try copyBytes(input, output)
                let time = timespec(
                    tv_sec: Int(stamp.modified / 1_000_000_000), tv_nsec: Int(stamp.modified % 1_000_000_000))
                futimens(output.rawValue, [time, time])
            }
        }
    }

    private static func copyBytes(_ input: FileDescriptor, _ output: FileDescriptor) throws {
        // FICLONE of linux/fs.h: no copy at all, where the file system can share blocks.
        if ioctl(output.rawValue, 0x4004_9409, input.rawValue) == 0 { return }
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try input.read(into: $0) }
            if count == 0 { return }
            _ = try output.writeAll(chunk.prefix(count))
        }
    }

    private static func copyLink(_ source: FilePath, to place: FilePath) throws {
        guard let target = source.linkTarget, symlink(target, place.string) == 0 else { throw Errno(rawValue: errno) }
    }
}

extension FilePath {
    /// Where the link here leads, verbatim; `nil` where there is no link.
    var linkTarget: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(string, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
