public import SystemPackage

/// A root file system with a shell and little else, from this machine's own programs.
public enum TinyImage {
    /// The file system as a tar; it stands unpacked beside it, in the folder `fs`.
    public static func archive(in folder: FilePath) async throws -> FilePath {
        let script = """
            set -e
            mkdir -p fs/bin fs/tmp
            cp /bin/dash fs/bin/sh
            cp /bin/sleep /bin/cat /bin/echo fs/bin
            cp /usr/bin/printf fs/bin
            for program in fs/bin/*; do
                ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do cp -L --parents "$library" fs; done
            done
            tar -C fs -cf fs.tar .
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
        return folder.appending("fs.tar")
    }

    /// An image that sleeps, in an OCI layout, with the tag `tiny`.
    public static func layout(in folder: FilePath) async throws -> FilePath {
        _ = try await archive(in: folder)
        let script = """
            set -e
            umoci init --layout lay
            umoci new --image lay:tiny
            umoci unpack --image lay:tiny new
            cp -a fs/. new/rootfs/
            umoci repack --image lay:tiny new
            umoci config --image lay:tiny --config.cmd sleep --config.cmd 100
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
        return folder.appending("lay")
    }
}
