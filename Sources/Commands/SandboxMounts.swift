import SystemPackage

/// What is done before bubblewrap starts, so that a root can be changed and its files have their own owners.
///
/// A shell makes the mounts, or registers an emulator, in namespaces of its own and becomes bubblewrap. It needs util-linux and
/// coreutils, which every distribution has. As root it also makes a user namespace with a range of users, which bubblewrap
/// itself cannot. Root has no number in there, so that bubblewrap could not reach folders that only root may open: the shell
/// gathers them below `/tmp`, where bubblewrap finds them.
struct SandboxMounts {
    let sandbox: Sandbox

    /// The words before bubblewrap's own; none where nothing has to be done.
    var words: [String] {
        guard let root = sandbox.root else { return [] }
        if let range = root.user?.range { return ranged(root, range) }
        if let emulator = root.emulator {
            return Self.namespaces + ["/bin/sh", "-ec", Self.registration + Self.end, "sh", emulator.rule]
        }
        guard case .apart(let folder) = root.changes else { return [] }
        let script = Self.start + "shift 2; mixpack_root=root; mkdir -p root\n" + Self.overlay(",userxattr") + Self.end
        return Self.namespaces + ["/bin/sh", "-ec", script, "sh", folder.string, root.folder.string]
    }

    /// The sandbox as bubblewrap is to see it: with the places to which the mounts lead.
    var seen: Sandbox {
        var seen = sandbox
        guard let root = sandbox.root else { return sandbox }
        if root.user?.range != nil {
            seen.root?.folder = "/tmp/root"
            for index in seen.binds.indices { seen.binds[index].source = FilePath("/tmp/\(index)") }
        } else if case .apart(let folder) = root.changes {
            seen.root?.folder = folder.appending("root")
        }
        return seen
    }

    /// The descriptor by which bubblewrap gets the namespace of the users.
    static let namespace = 9

    private func ranged(_ root: SandboxRoot, _ range: HostRange) -> [String] {
        let (folder, mount): (FilePath, String)
        switch root.changes {
        case .apart(let changes): (folder, mount) = (changes, Self.overlay(""))
        case .kept, .refused:
            (folder, mount) = (
                root.folder.removingLastComponent(), "mount --rbind \"$mixpack_lower\" \"$mixpack_root\"\n"
            )
        }
        let script =
            Self.start
            + "mixpack_first=$3; mixpack_count=$4; shift 4; mixpack_root=mounts/root; mkdir -p mounts\n"
            + "mount -t tmpfs -o mode=755 tmpfs mounts; mkdir mounts/root\n" + mount + Self.binds + Self.users
            + "mount --rbind mounts /tmp\n" + Self.end
        return [Self.tool("unshare"), "--mount", "--propagation", "private", "/bin/sh", "-ec", script, "sh"]
            + [folder.string, root.folder.string, String(range.first), String(range.count)]
            + sandbox.binds.map(\.source.string) + ["--", Self.tool("setpriv"), "--clear-groups", "--"]
    }

    /// The variables are the program's already: what the shell needs itself has names of its own, and a PATH that is set back.
    private static let start = """
        cd "$1"; mixpack_lower=$2; mixpack_path=$PATH; PATH=\(ProgramLookup.systemPath)

        """
    private static let registration = """
        mixpack_rule=$1; mixpack_path=$PATH; PATH=\(ProgramLookup.systemPath); shift
        mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
        printf %s "$mixpack_rule" >/proc/sys/fs/binfmt_misc/register

        """
    private static let end = """
        PATH=$mixpack_path; exec "$@"

        """

    private static var namespaces: [String] {
        [tool("unshare"), "--user", "--map-root-user", "--mount", "--propagation", "private"]
    }

    private static func tool(_ name: String) -> String {
        ProgramLookup(searchPath: ProgramLookup.systemPath).find(FilePath(name))?.string ?? name
    }

    /// Lays changes over a root; the names in the mount's options are short and without special characters.
    private static func overlay(_ options: String) -> String {
        """
        mkdir -p upper work lower
        mount --bind "$mixpack_lower" lower
        chown --reference=lower upper; chmod --reference=lower upper
        mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work\(options) overlay "$mixpack_root"

        """
    }

    private static let binds = """
        mixpack_index=0
        while [ "$1" != -- ]; do
          if [ -d "$1" ]; then mkdir mounts/$mixpack_index; else : >mounts/$mixpack_index; fi
          mount --rbind "$1" mounts/$mixpack_index; mixpack_index=$((mixpack_index + 1)); shift
        done; shift

        """

    /// A namespace of users, in which nobody can make another.
    private static let users = """
        mkfifo mounts/in mounts/out
        {
          unshare --user --keep-caps sh -ec '
            echo 0 >/proc/sys/user/max_user_namespaces || true
            echo $$ >mounts/in; read x <mounts/out
          ' || echo none >mounts/in
        } &
        read -r mixpack_helper <mounts/in
        if [ "$mixpack_helper" = none ]; then wait; exit 125; fi
        for mixpack_kind in uid gid; do
          echo "0 $mixpack_first $mixpack_count" >/proc/$mixpack_helper/${mixpack_kind}_map ||
            { echo >mounts/out; exit 125; }
        done
        exec \(namespace)</proc/$mixpack_helper/ns/user
        echo >mounts/out; wait; rm mounts/in mounts/out

        """
}
