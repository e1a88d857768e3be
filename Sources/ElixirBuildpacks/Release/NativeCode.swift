import Files
import Glibc
import SystemPackage

/// Moves the native code of a layer into a layer of its own, so that what is left is the same for all processors.
///
/// Each file keeps its path, and a relative link takes its place: `base/erts-V/bin/beam.smp` leads to
/// `base-native/erts-V/bin/beam.smp`. Only files are linked. `erl` resolves the folder that it is in, so through a linked
/// folder it would look for all of OTP where only the native code is; and the dynamic linker reads `$ORIGIN` as the
/// folder of a library's link, where the other files of an application must be too.
struct NativeCode {
    /// The layer that keeps what is portable.
    let layer: FilePath
    /// The layer that gets the native code, beside the other one.
    let native: FilePath

    /// Moves it.
    /// - Throws: `Failure` when a folder cannot be read, or a file cannot be moved.
    func move() throws { try move(in: try FolderListing(layer), "") }

    /// - Parameter path: the folder's path below the layer, with a slash at its end.
    private func move(in folder: borrowing FolderListing, _ path: String) throws {
        for entry in folder.entries where !Self.isBeam(entry.name) {
            switch entry.kind ?? layer.appending(path + entry.text).kind {
            case .folder:
                let inner = path + entry.text
                let shown = layer.appending(inner).string
                try move(in: try FolderListing(of: entry.name, in: folder, shown: shown), inner + "/")
            case .file where Self.isNative(entry.name, in: folder.descriptor): try move(entry.text, of: path)
            case .file, .link, .other, .missing: continue
            }
        }
    }

    private func move(_ name: String, of path: String) throws {
        try native.appending(path).makeFolders()
        let place = layer.appending(path + name)
        try place.move(to: native.appending(path + name))
        let up = String(repeating: "../", count: path.count { $0 == "/" } + 1)
        try place.makeLink(to: up + (native.lastComponent?.string ?? "") + "/" + path + name)
    }

    /// Whether a file is for one kind of processor: a program or a library in ELF.
    static func isNative(_ file: FilePath) -> Bool { !isBeam(file.nameBytes) && isNative(file.nameBytes, in: AT_FDCWD) }

    /// Most files of a release are beams, which nobody has to open to know.
    private static func isBeam(_ name: [CChar]) -> Bool { name.suffix(6) == beamEnding }

    private static let beamEnding: ArraySlice<CChar> = [0x2E, 0x62, 0x65, 0x61, 0x6D, 0]

    private static func isNative(_ name: [CChar], in folder: Int32) -> Bool {
        let file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { _ = close(file) }
        return FileDescriptor(rawValue: file).filled(4) == [0x7F, 0x45, 0x4C, 0x46]
    }
}
