import Glibc
import SystemPackage

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/mixpack-archive-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: template)
    }

    deinit { Self.remove(path.string) }

    func write(_ text: String, _ name: String, mode: mode_t = 0o644) throws {
        let file = path.appending(name).string
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { _ = close(descriptor) }
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard chmod(file, mode) == 0 else { throw Errno(rawValue: errno) }
    }

    func makeFolder(_ name: String, mode: mode_t = 0o755) throws {
        let folder = path.appending(name).string
        guard mkdir(folder, mode) == 0, chmod(folder, mode) == 0 else { throw Errno(rawValue: errno) }
    }

    func link(_ target: String, _ name: String) throws {
        guard symlink(target, path.appending(name).string) == 0 else { throw Errno(rawValue: errno) }
    }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        guard let stream = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        closedir(stream)
        for name in names where name != "." && name != ".." { remove(path + "/" + name) }
        rmdir(path)
    }
}
