import Commands
import Diagnostics
import Digests
import Files
import SystemPackage
import Text
import Toolchains

/// Tries once whether an Elixir starts on an OTP that Elixir's own table does not name for it.
///
/// The answer is kept by the stamps of both installs, so that a new version in the same folder is tried again.
struct PairTrial {
    let runner: any CommandRunner
    /// The folder that keeps the answers.
    let folder: FilePath

    /// Tries the pair, unless the table names it or it was tried before.
    /// - Throws: `Failure` of code `versionConflict` that ends with Elixir's own words.
    func check(_ toolchain: Toolchain) async throws {
        guard toolchain.pairFinding != nil, let kept = kept(toolchain) else { return }
        let answer = if let known = kept.text { known } else { try await start(toolchain, keptIn: kept) }
        guard !answer.isEmpty else { return }
        throw Failure(
            .versionConflict,
            "Elixir \(toolchain.elixirVersion) does not start on OTP \(toolchain.otpVersion): \(answer)",
            advice: toolchain.pairFinding?.advice)
    }

    /// What the Elixir says when it does not start; empty if it does.
    private func start(_ toolchain: Toolchain, keptIn file: FilePath) async throws -> String {
        let output = OutputTail()
        let path =
            [toolchain.elixirRoot, toolchain.erlangRoot].map { $0.appending("bin").string } + [
                ProgramLookup.systemPath
            ]
        let command = Command(
            toolchain.elixirRoot.appending("bin/elixir"), ["-e", "1"],
            environment: [
                "PATH": path.joined(separator: ":"), "HOME": "/nonexistent", "LANG": "C.UTF-8",
                "ERL_CRASH_DUMP_SECONDS": "0",
            ], workingDirectory: "/")
        let end = try await runner.run(command) { output.add($0.text) }
        let lines = output.text.split(whereSeparator: \.isNewline)
        let answer = end.isSuccess ? "" : String((lines.last ?? "it ends with an error").prefix(200))
        // An answer that cannot be kept is asked for again.
        try? folder.makeFolders()
        try? file.replace(with: answer.utf8)
        return answer
    }

    private func kept(_ toolchain: Toolchain) -> FilePath? {
        let files = [
            toolchain.elixirRoot.appending("lib/elixir/ebin/elixir.app"),
            toolchain.erlangRoot.appending("releases/start_erl.data"),
        ]
        let stamps = files.map { "\($0) \(FileStamp(behind: $0)?.text ?? "")\n" }.joined()
        guard let digest = try? MessageDigest.hex(of: stamps.utf8) else { return nil }
        return folder.appending("pair-\(digest.prefix(16))")
    }
}
