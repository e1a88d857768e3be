import Commands
import Diagnostics
import Digests
import Files
import Glibc
import MixInspection
import Synchronization
import SystemPackage
import Toolchains

/// Unpacks archives of precompiled builds, tries what is in them, and gives them their place by one rename.
struct ToolchainArchive {
    let runner: any CommandRunner
    let root: FilePath
    let isSealed: Bool

    /// Installs an Erlang/OTP: a gzipped tar with one folder at the top.
    /// - Throws: `Failure` when it cannot be unpacked or does not run here.
    func installErlang(_ file: FilePath, version: String, as name: String) async throws {
        try await inNewFolder(name) { folder in
            try await unpackErlang(file, version, in: folder)
            // The archive knows nothing of its place: its own script writes that into the programs.
            if folder.appending("Install").leadsSomewhere {
                try await run(
                    "/bin/sh", ["Install", "-minimal", folder.string], in: folder, "cannot set up OTP \(version)")
            }
            let found = try await run(
                folder.appending("bin/erl"),
                ["-noshell", "-eval", "io:put_chars(erlang:system_info(otp_release)), halt(0)."], in: folder,
                "OTP \(version) does not run on this machine")
            guard
                OTPVersion(version).map({ "\($0.major)" })
                    == found.split(whereSeparator: \.isNewline).last.map(String.init)
            else { throw wrong("OTP \(version)", found) }
            try Self.rewrite(folder, to: root.appending(name))
        }
    }

    /// Unpacks an Erlang/OTP for another processor: nothing of it is run.
    /// - Throws: `Failure` when it cannot be unpacked.
    func keepErlang(_ file: FilePath, version: String, as name: String) async throws {
        try await inNewFolder(name) { try await unpackErlang(file, version, in: $0) }
    }

    private func unpackErlang(_ file: FilePath, _ version: String, in folder: FilePath) async throws {
        try await run(
            "/bin/tar", ["-xzf", file.string, "-C", folder.string, "--strip-components=1", "--no-same-owner"],
            in: root, "cannot unpack OTP \(version)")
        guard folder.names.contains(where: { $0.hasPrefix("erts-") }) else {
            throw Failure(
                .noToolchain, "cannot unpack OTP \(version): there is no Erlang in the download",
                advice: "check what is at the address above, or use another mirror")
        }
    }

    /// Installs an Elixir: a zip with `bin` and `lib` at the top.
    /// - Parameter erlang: the Erlang that unpacks it.
    /// - Throws: `Failure` when it cannot be unpacked or does not run here.
    func installElixir(_ file: FilePath, version: String, as name: String, erlang: FilePath) async throws {
        try await inNewFolder(name) { folder in
            let program = """
                [F, D] = init:get_plain_arguments(), \
                case zip:unzip(F, [{cwd, D}]) of \
                {ok, _} -> halt(0); E -> io:format("~p~n", [E]), halt(1) end.
                """
            try await run(
                erlang.appending("bin/erl"), ["-noshell", "-eval", program, "-extra", file.string, folder.string],
                in: root, "cannot unpack Elixir \(version)")
            let bin = folder.appending("bin")
            for program in bin.names { chmod(bin.appending(program).string, 0o755) }
            let found = try await run(
                bin.appending("elixir"), ["--short-version"], in: folder,
                "Elixir \(version) does not run on this machine",
                path: "\(erlang.appending("bin")):")
            guard found.split(whereSeparator: \.isNewline).contains(where: { $0 == version }) else {
                throw wrong("Elixir \(version)", found)
            }
        }
    }

    /// Makes a folder, has it filled, and gives it its name; nothing is left where that fails.
    private func inNewFolder(_ name: String, _ fill: (FilePath) async throws -> Void) async throws {
        let folder = root.appending(BuildsServer.temporaryName())
        try folder.makeFolders()
        defer { try? folder.remove() }
        try await fill(folder)
        do {
            try folder.move(to: root.appending(name))
        } catch {
            // Another process was faster.
            guard root.appending(name).isFolder else { throw error }
            return
        }
        if isSealed { try SealedFolder(root.appending(name)).seal() }
    }

    /// Takes the place at which it was set up out of the scripts, and puts the last one in.
    private static func rewrite(_ folder: FilePath, to place: FilePath) throws {
        let runtimes = folder.names.filter { $0.hasPrefix("erts-") }.map { folder.appending($0).appending("bin") }
        for bin in [folder.appending("bin")] + runtimes {
            for name in bin.names {
                let file = bin.appending(name)
                guard let stamp = FileStamp(of: file), stamp.kind == .file, stamp.size < 1 << 18,
                    let text = file.text, text.hasPrefix("#!"), text.contains(folder.string)
                else { continue }
                try file.replace(
                    with: text.replacing(folder.string, with: place.string).utf8,
                    mode: FilePermissions(rawValue: stamp.mode & 0o777))
            }
        }
    }

    private func wrong(_ what: String, _ found: String) -> Failure {
        Failure(.noToolchain, "the download for \(what) reports another version: \(found.prefix(80))")
    }

    private static let advice = "it may need something that this machine lacks; install this version in another way"

    @discardableResult
    private func run(
        _ program: FilePath, _ arguments: [String], in folder: FilePath, _ failure: String, path: String = ""
    ) async throws -> String {
        let output = Mutex("")
        let command = Command(
            program, arguments,
            environment: [
                "PATH": path + ProgramLookup.systemPath, "HOME": folder.string, "LANG": "C.UTF-8",
                "ERL_CRASH_DUMP_SECONDS": "0",
            ], workingDirectory: folder)
        let end: Termination
        do {
            end = try await runner.run(command) { chunk in
                output.withLock { $0 = String(($0 + chunk.text).suffix(4096)) }
            }
        } catch let error as Failure {
            throw Failure(.noToolchain, "\(failure): \(error.message)", advice: Self.advice)
        }
        let text = output.withLock { $0 }
        guard end.isSuccess else {
            let line = text.split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(200))" } ?? ""
            throw Failure(
                .noToolchain, failure + line,
                advice: Self.advice)
        }
        return text
    }
}
