import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// What the run image made from this machine holds.
///
/// The shared libraries of the Erlang runtime, a shell with the tools that release scripts call, C.UTF-8, CA
/// certificates, descriptions of the usual terminals, and a user 1000:1000.
struct RunImageFiles {
    let erlangRoot: FilePath
    /// Programs besides the usual ones, where the machine has them.
    var moreTools: [String] = []
    /// Libraries and programs besides the usual ones, by their paths on this machine.
    var moreFiles: [FilePath] = []
    let tools: (String) -> FilePath?

    /// What the scripts of a release call, and what a person in the container misses first.
    private static let neededTools = [
        "sh", "dirname", "cut", "sed", "cat", "basename", "readlink", "grep", "date", "mkdir", "dd", "od", "awk",
        "chmod", "mv", "rm",
    ]
    private static let usefulTools = [
        "df", "tr", "uname", "env", "ls", "id", "sleep", "head", "tail", "ln", "hostname",
    ]
    /// OTP's applications whose native parts a release is likely to carry.
    private static let nativeApplications = ["crypto", "asn1", "os_mon", "runtime_tools", "tools"]
    /// Programs of the runtime that a release can do without, or that need libraries which nothing else needs.
    static let leftOutPrograms: Set<String> = [
        "epmd", "ct_run", "dialyzer", "typer", "erlc", "erl_call", "escript", "yielding_c_fun",
    ]
    /// Whether a file of a release is one that the image was made to fit, by its path in the release.
    static func fits(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 1 else { return false }
        return parts[0].hasPrefix("erts-")
            || (parts[0] == "lib" && nativeApplications.contains { parts[1].hasPrefix($0 + "-") })
    }

    private static let terminals = [
        "ansi", "dumb", "linux", "vt100", "vt220", "xterm", "xterm-color", "xterm-256color", "xterm-kitty",
        "xterm-ghostty",
        "screen", "screen-256color", "tmux", "tmux-256color", "rxvt", "rxvt-unicode-256color", "alacritty", "foot",
        "wezterm",
    ]

    /// The machine's own files.
    /// - Throws: `Failure` that names what is missing and the package that has it.
    func selection() throws(Failure) -> FileSelection {
        var selection = FileSelection(search: LibrarySearch())
        try addTools(to: &selection)
        try addRuntimeLibraries(to: &selection)
        for library in ["libnss_dns.so.2", "libnss_files.so.2"] {
            guard let triplet = DebianArchitecture.current?.triplet else { continue }
            try selection.addIfThere(FilePath("/lib/\(triplet)").appending(library))
        }
        try selection.addFolder("/usr/lib/locale/C.utf8")
        try selection.addIfThere("/etc/ssl/certs/ca-certificates.crt")
        for folder in ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"] {
            for terminal in Self.terminals {
                try selection.addIfThere(FilePath(folder).appending(String(terminal.prefix(1))).appending(terminal))
            }
        }
        for file in moreFiles { try selection.add(file) }
        return selection
    }

    private func addTools(to selection: inout FileSelection) throws(Failure) {
        for name in Self.neededTools {
            guard let path = tools(name) else {
                throw Failure(
                    .notFound, "this machine has no \(name), which release scripts call",
                    advice: "install dash, coreutils, sed, grep and mawk")
            }
            try selection.add(path)
        }
        for name in Self.usefulTools + moreTools {
            if let path = tools(name) { try selection.add(path) }
        }
        try selection.add("/bin/sh")
    }

    /// Adds the libraries that the runtime's programs need or open by name, not the programs: those are in the release.
    private func addRuntimeLibraries(to selection: inout FileSelection) throws(Failure) {
        var runtime = FileSelection(search: LibrarySearch())
        for folder in entries(of: erlangRoot, beginningWith: "erts-") {
            for program in entries(of: folder.appending("bin"))
            where !Self.leftOutPrograms.contains(program.lastComponent?.string ?? "") {
                try runtime.add(program)
            }
        }
        for application in Self.nativeApplications {
            for folder in entries(of: erlangRoot.appending("lib"), beginningWith: application + "-") {
                try runtime.addFolder(folder.appending("priv"))
            }
        }
        let own = erlangRoot.string + "/"
        for path in runtime.sources where path.hasPrefix(own) { try runtime.addOpened(by: FilePath(path)) }
        let libraries = runtime.sources.filter { !$0.hasPrefix(own) && $0.contains(".so") }
        for library in libraries { try selection.add(FilePath(library)) }
        selection.watch(runtime.fingerprinted)
    }

    private func entries(of folder: FilePath, beginningWith prefix: String = "") -> [FilePath] {
        folder.names.filter { $0.hasPrefix(prefix) }.map { folder.appending($0) }
    }
}
