import Files
import SystemPackage

/// A sandbox in bubblewrap's words.
///
/// The program sees an otherwise empty root with the machine's own programs and libraries read-only, the few files of
/// `/etc` that they need, `/proc`, `/dev`, an empty `/tmp`, and the sandbox's binds. Its processes live in a process
/// namespace of their own, which the kernel ends as a whole when bubblewrap or mixpack dies, however that happens. They
/// have no capabilities in a user namespace of their own, root's too: bubblewrap alone gives root all that it has.
struct BubblewrapArguments {
    /// `/proc` is read-only: files of `/proc/sys` ask for no capability, only for root as their owner.
    private static let system = ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    private static let programFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
    private static let configuration = [
        "alternatives", "ca-certificates", "ca-certificates.conf", "crypto-policies", "gai.conf", "gitconfig", "group",
        "host.conf", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "nsswitch.conf", "passwd", "pki",
        "protocols",
        "resolv.conf", "services", "ssh/ssh_config", "ssh/ssh_config.d", "ssh/ssh_known_hosts", "ssl",
    ]

    /// bubblewrap's arguments, up to the `--` before the program.
    let words: [String]

    /// Spells a sandbox out.
    /// - Parameters:
    ///   - workingDirectory: the folder that the program starts in, as it sees it.
    ///   - forbidsNamespaces: whether programs cannot make user namespaces, in which they would have every capability.
    init(_ sandbox: Sandbox, workingDirectory: FilePath, forbidsNamespaces: Bool = true) {
        var words = ["--die-with-parent"] + Self.users(sandbox, forbidsNamespaces)
        words += [
            "--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "localhost",
        ]
        if !sandbox.hasNetwork { words.append("--unshare-net") }
        if let root = sandbox.root {
            self.words = words + Self.on(root, sandbox, workingDirectory)
            return
        }
        words += ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind-try", "/nix/store", "/nix/store"]
        for folder in Self.programFolders { words += Self.programs(folder) }
        for name in Self.configuration { words += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"] }
        words += Self.system + ["--dir", "/var/tmp", "--dir", "/run"]
        for folder in sandbox.temporaryFolders { words += ["--tmpfs", folder.string] }
        words += sandbox.binds.flatMap(Self.words) + ["--remount-ro", "/", "--chdir", workingDirectory.string]
        self.words = words
    }

    /// The user that programs run as, and the namespace that has it.
    private static func users(_ sandbox: Sandbox, _ forbidsNamespaces: Bool) -> [String] {
        let user = sandbox.root?.user
        let numbers = user.map { ["--uid", String($0.id), "--gid", String($0.group)] } ?? []
        // A namespace that exists has forbidden others itself.
        if user?.range != nil { return ["--userns", String(SandboxMounts.namespace)] + numbers }
        return ["--unshare-user"] + numbers + (forbidsNamespaces ? ["--disable-userns"] : [])
    }

    /// The mounts where a folder stands for the root.
    private static func on(_ root: SandboxRoot, _ sandbox: Sandbox, _ workingDirectory: FilePath) -> [String] {
        var words = [root.changes == .refused ? "--ro-bind" : "--bind", root.folder.string, "/"] + system
        if root.sharesNames {
            for file in ["/etc/resolv.conf", "/etc/hosts"] { words += ["--ro-bind-try", file, file] }
        }
        // A folder in memory takes the binds, so that nothing is made in the root itself.
        let layers = root.changes == .refused ? ["/layers"] : []
        for folder in layers + sandbox.temporaryFolders.map(\.string) { words += ["--tmpfs", folder] }
        return words + sandbox.binds.flatMap(Self.words) + ["--chdir", workingDirectory.string]
    }

    private static func words(_ bind: Sandbox.Bind) -> [String] {
        [bind.isWritable ? "--bind" : "--ro-bind", bind.source.string, bind.destination.string]
    }

    /// `/bin` and its like: links on a merged `/usr`, folders on other machines, absent on some.
    private static func programs(_ folder: String) -> [String] {
        let path = FilePath(folder)
        guard path.exists else { return [] }
        return path.linkTarget.map { ["--symlink", $0, folder] } ?? ["--ro-bind", folder, folder]
    }
}
