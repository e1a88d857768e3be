import Glibc
import SystemPackage

/// A folder for one run of a program: there as long as the run, then gone.
struct Scratch {
    let path: FilePath

    /// Makes the folder; what a killed run left behind is removed first.
    init(in parent: FilePath) throws {
        path = parent.appending("run")
        path.removeAllForced()
        try path.makeDirectories()
    }

    /// A folder in memory, for the user alone.
    static func inMemory() throws -> Scratch {
        var template = Array("/dev/shm/mixpack-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        return Scratch(path: FilePath(platformString: template))
    }

    private init(path: FilePath) { self.path = path }

    func remove() { path.removeAllForced() }
}

extension FilePath {
    /// Removes whatever stands here, folders without write permission too.
    func removeAllForced() {
        guard exists else { return }
        removeAll()
        guard exists else { return }
        makeFoldersWritable()
        removeAll()
    }

    private func makeFoldersWritable() {
        guard FileKind(at: self) == .folder else { return }
        chmod(string, 0o700)
        for name in directoryNames() { appending(name).makeFoldersWritable() }
    }
}
