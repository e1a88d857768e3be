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
    func move() throws { try move(in: []) }

    private func move(in path: [FilePath.Component]) throws {
        for entry in try FolderListing(layer.appending(path)).entries {
            guard let name = FilePath.Component(entry.text) else { continue }
            let place = layer.appending(path + [name])
            switch entry.kind ?? place.kind {
            case .folder: try move(in: path + [name])
            case .file:
                guard Self.isNative(place) else { continue }
                try native.appending(path).makeFolders()
                try place.move(to: native.appending(path + [name]))
                let up = String(repeating: "../", count: path.count + 1)
                let target = ([native.lastComponent].compactMap { $0 } + path + [name]).map(\.string)
                try place.makeLink(to: up + target.joined(separator: "/"))
            case .link, .other, .missing: continue
            }
        }
    }

    /// Whether a file is for one kind of processor: a program or a library in ELF.
    static func isNative(_ file: FilePath) -> Bool {
        // Most files of a release are beams, which say so by their name: mix looks for nothing else under it.
        guard file.extension != "beam",
            let opened = try? FileDescriptor.open(file.nameBytes, .readOnly, options: [.closeOnExec, .noFollow])
        else { return false }
        defer { try? opened.close() }
        return opened.filled(4) == [0x7F, 0x45, 0x4C, 0x46]
    }
}
