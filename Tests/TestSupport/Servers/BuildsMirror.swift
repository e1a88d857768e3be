import Files
import FoundationEssentials
import Glibc
public import SystemPackage

/// A folder laid out as builds.hex.pm is, with real builds in it: those of the Erlang and Elixir that are installed.
///
/// The Erlang archive has no `bin/erl`: as with the published ones, its script `Install` makes that.
public struct BuildsMirror: Sendable {
    /// The folder to serve.
    public let folder: FilePath
    /// The version of the installed OTP.
    public let otpVersion: String
    /// The version of the installed Elixir.
    public let elixirVersion: String

    /// The path of the list of Erlang builds.
    public var erlangList: String { erlangList(for: Self.architecture) }
    /// The path of the Erlang archive.
    public var erlangArchive: String { erlangArchive(for: Self.architecture) }
    /// The path of the list of Elixir builds.
    public var elixirList: String { "/builds/elixir/builds.txt" }
    /// The path of the Elixir archive.
    public var elixirArchive: String { "/builds/elixir/v\(elixirVersion)-otp-\(otpMajor).zip" }
    /// The major version of the installed OTP.
    public var otpMajor: String { String(otpVersion.prefix { $0 != "." }) }

    #if arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "amd64"
    #endif

    /// Makes the mirror in a new folder.
    public init(in folder: FilePath) async throws {
        self.folder = folder
        let erlang = try Self.root(of: "erl")
        let elixir = try Self.root(of: "elixir")
        let data = try erlang.appending("releases/start_erl.data").readText()
        let number = data.split(separator: " ").last.map { String($0.filter(\.isNumber)) } ?? ""
        otpVersion = try erlang.appending("releases/\(number)/OTP_VERSION").readText().filter { !$0.isWhitespace }
        elixirVersion =
            try elixir.appending("lib/elixir/ebin/elixir.app").readText()
            .firstMatch(of: /\{vsn,"([^"]+)"/).map { String($0.1) } ?? ""
        try await packErlang(erlang, to: erlangArchive(for: Self.architecture))
        try await packElixir(elixir)
        try await writeLists()
    }

    /// The folder above the `bin` that holds a program, links followed.
    static func root(of program: String) throws -> FilePath {
        guard let real = realpath(try findTool(program).string, nil) else { throw Errno(rawValue: errno) }
        defer { free(real) }
        return FilePath(String(cString: real)).removingLastComponent().removingLastComponent()
    }

    /// The applications that mix and a release need; the others would only make the archive larger.
    private static let applications = [
        "asn1", "compiler", "crypto", "inets", "kernel", "parsetools", "public_key", "runtime_tools", "sasl", "ssl",
        "stdlib", "syntax_tools",
    ]

    /// The path of the list for a processor.
    public func erlangList(for architecture: String) -> String {
        "/builds/otp/\(architecture)/ubuntu-22.04/builds.txt"
    }

    private func erlangArchive(for architecture: String) -> String {
        "/builds/otp/\(architecture)/ubuntu-22.04/OTP-\(otpVersion).tar.gz"
    }

    /// Adds the build of another processor, of which nothing is run.
    /// - Parameter root: a folder like the installed Erlang's, with that processor's programs in it.
    public func addErlang(_ root: FilePath, for architecture: String) async throws {
        try await packErlang(root, to: erlangArchive(for: architecture))
        try await writeErlangList(for: architecture)
    }

    private func packErlang(_ root: FilePath, to path: String) async throws {
        let stage = folder.appending("stage/OTP-\(otpVersion)")
        try stage.appending("lib").makeFolder()
        for name in ["bin", "releases", "usr"] { try root.appending(name).copy(to: stage.appending(name)) }
        for name in try root.names() where name.hasPrefix("erts-") {
            try root.appending(name).copy(to: stage.appending(name))
            let runtime = stage.appending(name).appending("bin")
            let script = try runtime.appending("erl").readText()
            try runtime.appending("erl.src").write(
                script.replacing("ROOTDIR=\(root)", with: "ROOTDIR=\"%FINAL_ROOTDIR%\""))
            for program in ["erl", "start"] { try runtime.appending(program).remove() }
        }
        for name in try root.appending("lib").names()
        where Self.applications.contains(where: { name.hasPrefix("\($0)-") }) {
            try root.appending("lib").appending(name).copy(to: stage.appending("lib").appending(name))
        }
        for program in ["erl", "start"] { try stage.appending("bin").appending(program).remove() }
        try stage.appending("Install").write(Self.install)
        let archive = folder.appending(String(path.dropFirst()))
        try archive.removingLastComponent().makeFolder()
        _ = try await run(
            "/bin/sh",
            [
                "-c", "tar -cf - -C \"$1\" \"$2\" | gzip -1 > \"$3\"", "sh", stage.removingLastComponent().string,
                "OTP-\(otpVersion)", archive.string,
            ]
        ).succeeded()
        removeTree(folder.appending("stage"))
    }

    private static let install = """
        #!/bin/sh
        # What the script of the published archives does: writes the place into the start scripts.
        [ "$1" = -minimal ] && [ -d "$2" ] || { echo "Install: need an absolute ERL_ROOT" >&2; exit 1; }
        cd "$2" || exit 1
        for runtime in erts-*; do
            sed -e "s;%FINAL_ROOTDIR%;$2;" "$runtime/bin/erl.src" > "$runtime/bin/erl" || exit 1
            chmod 755 "$runtime/bin/erl"
            cp -p "$runtime/bin/erl" bin/erl
        done

        """

    /// Zipped by Erlang, without the permission to execute, as the archives of some versions are.
    private func packElixir(_ root: FilePath) async throws {
        let archive = folder.appending(String(elixirArchive.dropFirst()))
        try archive.removingLastComponent().makeFolder()
        let program = """
            [F, D] = init:get_plain_arguments(), {ok, _} = zip:create(F, ["bin", "lib"], [{cwd, D}]), halt(0).
            """
        _ = try await run(
            findTool("erl"), ["-noshell", "-eval", program, "-extra", archive.string, root.string]
        ).succeeded()
    }

    /// Writes both lists anew, with the checksums of the archives as they are.
    public func writeLists() async throws {
        try await writeErlangList(for: Self.architecture)
        let elixir = try await Self.digest(of: folder.appending(String(elixirArchive.dropFirst())))
        try folder.appending(String(elixirList.dropFirst())).write(
            """
            main-otp-\(otpMajor) \(Self.commit) 2023-01-24T10:00:00Z \(elixir) \n\
            v\(elixirVersion)-otp-\(otpMajor) \(Self.commit) 2022-09-01T10:00:00Z \(elixir) 

            """)
    }

    private static let commit = String(repeating: "0a", count: 20)

    private func writeErlangList(for architecture: String) async throws {
        let erlang = try await Self.digest(of: folder.appending(String(erlangArchive(for: architecture).dropFirst())))
        try folder.appending(String(erlangList(for: architecture).dropFirst())).write(
            """
            OTP-\(otpVersion) \(Self.commit) 2023-01-24T10:00:00Z \(erlang)
            OTP-99.0-rc1 \(Self.commit) 2023-01-24T10:00:00Z \(erlang)
            master \(Self.commit) 2023-01-24T10:00:00Z \(erlang)

            """)
    }

    /// The SHA-256 of a file, in hexadecimal digits.
    public static func digest(of file: FilePath) async throws -> String {
        let end = try await run("/usr/bin/sha256sum", [file.string]).succeeded()
        return String(end.output.drop { $0 == "\\" }.prefix(64))
    }
}
