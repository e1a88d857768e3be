import Commands
import Diagnostics
import Files
import Glibc
import Synchronization
import SystemPackage

/// A root of a release of Debian, put together by mmdebstrap from the machine's own mirror.
struct DebianRoot {
    let suite: DebianSuite
    let mirror: AptMirror
    let runner: any CommandRunner
    /// The user's variables: the way to the mirror through a proxy is in them.
    let environment: [String: String]

    private static let keyring: FilePath = "/usr/share/keyrings/debian-archive-keyring.gpg"

    /// The packages that are asked for; what they depend on comes with them.
    static let packages = [
        "bash", "bzip2", "ca-certificates", "curl", "elixir", "erlang-asn1", "erlang-dev", "erlang-edoc",
        "erlang-eunit",
        "erlang-inets", "erlang-mnesia", "erlang-os-mon", "erlang-parsetools", "erlang-reltool", "erlang-runtime-tools",
        "erlang-snmp", "erlang-ssh", "erlang-ssl", "erlang-syntax-tools", "erlang-tools", "erlang-xmerl", "g++", "gcc",
        "git", "libc6-dev", "make", "mawk", "netbase", "openssh-client", "openssl", "pkg-config", "rebar3", "rsync",
        "unzip",
        "wget", "xz-utils",
    ]

    /// Makes it in a folder.
    /// - Parameter notice: told what is fetched, and from where, before it is.
    /// - Throws: `Failure` that names what is missing, or with the last lines of mmdebstrap.
    func unpack(into root: FilePath, notice: @Sendable (String) -> Void) async throws {
        let program = try mmdebstrap()
        let archive = root.removingLastComponent().appending("root.tar")
        notice(
            "fetching packages of Debian \(suite.rawValue) with mmdebstrap, signed by Debian, from \(mirror.archive)"
                + (mirror.security.map { " and \($0)" } ?? "") + "; about 200 MB, some minutes")
        let left = ["man", "locale", "info", "lintian"].map { "--dpkgopt=path-exclude=/usr/share/\($0)/*" }
        try await run(
            Command(
                program,
                ["--mode=\(geteuid() == 0 ? "root" : "unshare")", "--variant=essential"] + left
                    + [
                        "--include=\(Self.packages.joined(separator: ","))", "--format=tar", suite.rawValue,
                        archive.string,
                    ]
                    + mirror.lines(suite, keyring: Self.keyring),
                environment: variables, workingDirectory: "/"),
            failing: "cannot make a root of Debian \(suite.rawValue) with mmdebstrap", as: .fetchFailed)
        try root.makeFolders(mode: 0o755)
        try await run(
            Command(
                "tar",
                [
                    "--extract", "--file", archive.string, "--directory", root.string, "--no-same-owner",
                    "--preserve-permissions", "--exclude=./dev/*",
                ], environment: variables, workingDirectory: "/"),
            failing: "cannot unpack the root of Debian \(suite.rawValue)", as: .unwritable)
        try archive.remove()
    }

    private func mmdebstrap() throws(Failure) -> FilePath {
        guard let program = ProgramLookup(searchPath: environment["PATH"]).find("mmdebstrap") else {
            throw Failure(
                .notFound, "a builder from debian:\(suite.rawValue) needs mmdebstrap, which this machine does not have",
                advice: "install it: sudo apt-get install -y mmdebstrap debian-archive-keyring")
        }
        guard Self.keyring.isFile else {
            throw Failure(
                .notFound, "\(Self.keyring), the keys that Debian's packages are signed with, is not there",
                advice: "install it: sudo apt-get install -y debian-archive-keyring")
        }
        return program
    }

    /// No more of the user's variables than mmdebstrap and apt go by.
    private var variables: [String: String] {
        let names: Set<String> = [
            "PATH", "HOME", "TMPDIR", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
        ]
        var variables = environment.filter { names.contains($0.key) }
        // mmdebstrap starts programs of the system's folders, which a user's PATH may lack.
        variables["PATH"] = (variables["PATH"].map { $0 + ":" } ?? "") + ProgramLookup.systemPath
        variables["LC_ALL"] = "C.UTF-8"
        return variables
    }

    private func run(_ command: Command, failing what: String, as code: Failure.Code) async throws {
        let last = LastLines()
        let end = try await runner.run(command) { last.add($0.text) }
        guard !end.isSuccess else { return }
        throw Failure(
            code, "\(what): \(last.text)", advice: "what it needs: mmdebstrap(1), a mirror that answers, space in /tmp")
    }
}

/// The last lines that a program wrote.
private final class LastLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ text: String) {
        lines.withLock { lines in
            lines = Array((lines + text.split(separator: "\n").map(String.init)).suffix(6))
        }
    }

    /// Those that say what went wrong, or all.
    var text: String {
        let all = lines.withLock { $0 }
        let errors = all.filter { $0.hasPrefix("E: ") }
        return (errors.isEmpty ? all : errors).joined(separator: "; ")
    }
}
