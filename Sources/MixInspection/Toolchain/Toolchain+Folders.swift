import Files
import SystemPackage

extension Toolchain {
    /// The folders that a sandbox shows for the toolchain's sake, besides those of the system that every sandbox has.
    ///
    /// One that links lead to is named by both its paths: programs keep the one that they were installed by.
    package var folders: [FilePath] {
        var folders: [FilePath] = []
        for root in [elixirRoot, erlangRoot] {
            for path in [root, root.realPath ?? root]
            where !Self.isSystem(path.string) && !folders.contains(path) { folders.append(path) }
        }
        return folders
    }

    /// Whether every sandbox shows a path of the machine.
    package static func isSystem(_ path: String) -> Bool {
        ["/usr/", "/bin", "/sbin", "/lib", "/nix/store/"].contains(where: path.hasPrefix)
    }
}
