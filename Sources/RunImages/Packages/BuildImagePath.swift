/// A path that a package lists, as a build image sees it.
enum BuildImagePath {
    /// Documentation, translations and what starts a system; and where keys, passwords and people's own files are.
    private static let leftOutFolders: Set<Substring> = [
        "/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/lintian",
        "/usr/share/bug", "/usr/share/doc-base", "/usr/share/menu", "/usr/share/applications",
        "/usr/share/bash-completion", "/usr/share/zsh", "/usr/share/fish", "/usr/share/gtk-doc", "/usr/share/help",
        "/usr/share/pixmaps", "/usr/share/icons", "/usr/share/metainfo", "/usr/share/apport", "/usr/share/gdb",
        "/usr/share/gitweb", "/usr/share/javascript", "/usr/share/pam", "/usr/share/pam-configs", "/usr/src",
        "/usr/lib/systemd", "/lib/systemd", "/usr/lib/debug", "/usr/lib/sysusers.d", "/usr/lib/tmpfiles.d",
        "/usr/lib/erlang/man", "/usr/games", "/boot", "/tmp", "/proc", "/sys", "/dev", "/run",
        "/etc/ssh", "/etc/ssl/private", "/etc/apt", "/etc/sudoers.d", "/etc/pam.d", "/etc/security", "/etc/default",
        "/etc/logrotate.d", "/etc/apparmor.d", "/etc/bash_completion.d", "/etc/systemd", "/etc/dbus-1", "/etc/skel",
        "/etc/update-motd.d", "/etc/init.d", "/etc/init", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly",
        "/etc/cron.weekly", "/etc/cron.monthly", "/var", "/home", "/root", "/srv", "/opt", "/mnt", "/media",
        "/usr/local",
    ]
    private static let leftOutFiles: Set<String> = [
        "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/shadow", "/etc/shadow-", "/etc/gshadow",
        "/etc/gshadow-", "/etc/sudoers", "/etc/netrc", "/etc/crontab",
    ]
    /// Archives of the compiler's checkers of programs, which need their own libraries.
    private static let leftOutArchives: Set<Substring> = [
        "libasan.a", "libhwasan.a", "liblsan.a", "libtsan.a", "libubsan.a",
    ]

    /// Whether it belongs into a build image.
    ///
    /// Licences stay, since images are passed on.
    static func isWanted(_ path: String) -> Bool {
        let text = path.utf8
        var start = text.startIndex
        var parts = 0
        while let slash = text[start...].firstIndex(of: UInt8(ascii: "/")) {
            if parts > 0, leftOutFolders.contains(path[..<slash]) || isErlangsExtra(path[..<slash], parts) {
                return path.hasPrefix("/usr/share/doc/") && path.hasSuffix("/copyright")
            }
            start = text.index(after: slash)
            parts += 1
        }
        // A tool for the compiler's authors, as large as the compiler.
        let name = path[start...]
        return !leftOutArchives.contains(name) && !name.contains("-lto-dump-") && !leftOutFiles.contains(path)
    }

    /// Documentation, examples and tests of an application of Erlang: `/usr/lib/erlang/lib/NAME/doc`.
    private static func isErlangsExtra(_ folder: Substring, _ parts: Int) -> Bool {
        parts == 6 && folder.hasPrefix("/usr/lib/erlang/lib/")
            && ["/doc", "/examples", "/test"].contains(where: folder.hasSuffix)
    }
}
