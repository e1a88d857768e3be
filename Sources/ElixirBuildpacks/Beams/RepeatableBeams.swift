import BuildpackAPI
import Commands
import Diagnostics
import Digests
import Files
import Glibc
import SystemPackage
import Text
import Toolchains

/// Makes what every VM of a build loads first, so that clean builds of the same sources give the same beams.
///
/// It is compiled once for each toolchain, from the toolchain's own `elixir_module`: see Helper/mixpack_beams.erl.
struct RepeatableBeams {
    /// What was made for one toolchain.
    struct Helper: Sendable, Hashable {
        /// The folder with the helper, on the machine.
        let folder: FilePath
        /// Whether small maps have the order in which the VM met their atoms, so that it needs the words of the sources.
        let needsWords: Bool
        static func needsWords(_ toolchain: Toolchain) -> Bool {
            (OTPVersion(toolchain.otpVersion)?.major ?? 0) >= 26
        }

        /// What tells beams compiled with it from others.
        static let version = (try? MessageDigest.hex(of: RepeatableBeams.source).prefix(16)).map(String.init) ?? ""
    }

    let toolchain: Toolchain
    /// The folder that keeps helpers of all toolchains.
    let root: FilePath
    let runner: any CommandRunner

    static let module = "mixpack_beams"
    private static let source = PackageResources.mixpack_beams_erl
    /// Programs of mixpack's own that builds run, compiled beside it: a script would be compiled each time.
    private static let programs = [("mixpack_configuration", PackageResources.mixpack_configuration_erl)]

    /// The helper, made if it is missing.
    /// - Throws: `Failure` that says why this toolchain has none, `CancellationError`.
    func helper() async throws -> Helper {
        let folder = root.appending(try Self.helperName(for: toolchain))
        if isWhole(folder) {
            // A prune goes by the time of the folder.
            utimensat(AT_FDCWD, folder.string, nil, 0)
        } else {
            try folder.remove()
            try await make(folder)
        }
        return Helper(folder: folder, needsWords: Helper.needsWords(toolchain))
    }

    /// Whether the files are those that were made: every VM of a build runs them.
    private func isWhole(_ folder: FilePath) -> Bool {
        guard folder.appending("elixir_module.copy").isFile, let known = folder.appending(Self.digestName).text else {
            return false
        }
        return (try? Self.digest(of: folder)) == known
    }

    private static let digestName = "files.sha256"

    private static func digest(of folder: FilePath) throws(Failure) -> String {
        var lines = ""
        for name in folder.names where name != digestName {
            lines += "\(name) \(try MessageDigest.hex(ofFile: folder.appending(name)))\n"
        }
        return try MessageDigest.hex(of: lines.utf8)
    }

    /// The name of a toolchain's helper: by the versions, what it is made from, and its own source, the same on every machine.
    ///
    /// Atoms are those of all modules of Elixir, which their sizes stand for.
    static func helperName(for toolchain: Toolchain) throws(Failure) -> String {
        let library = toolchain.elixirRoot.appending("lib")
        var facts = [
            toolchain.elixirVersion, toolchain.otpVersion, toolchain.ertsVersion, Helper.version,
            try MessageDigest.hex(ofFile: library.appending("elixir/ebin/elixir_module.beam")),
        ]
        for program in programs { facts.append(try MessageDigest.hex(of: program.1)) }
        if Helper.needsWords(toolchain) {
            for folder in ["elixir", "eex", "logger", "mix"].map({ library.appending("\($0)/ebin") }) {
                facts += folder.names.map { "\($0) \(folder.appending($0).fileSize ?? 0)" }
            }
        }
        return "beams-" + String(try MessageDigest.hex(of: facts.joined(separator: "\n").utf8).prefix(16))
    }

    private func make(_ folder: FilePath) async throws {
        let scratch = try ScratchFolder(in: root)
        defer { scratch.remove() }
        let path = scratch.path.string
        let sources = [(Self.module, Self.source)] + Self.programs
        for (module, source) in sources { try scratch.path.appending("\(module).erl").replace(with: source) }
        try await run("erlc", ["+deterministic", "-o", path] + sources.map { "\(path)/\($0.0).erl" })
        try await run(
            "erl",
            [
                "-noshell", "-noinput", "-boot", "no_dot_erlang", "-pa", path, "-\(Self.module)_output", path,
                "-\(Self.module)_elixir", toolchain.elixirRoot.appending("lib").string, "-s", Self.module, "make",
            ])
        try scratch.path.appending(Self.digestName).replace(with: Self.digest(of: scratch.path).utf8)
        // Another build may have been faster: its folder stays.
        try? scratch.path.move(to: folder)
        guard isWhole(folder) else { throw Failure(.unwritable, "cannot write \(folder)") }
    }

    private func run(_ program: String, _ arguments: [String]) async throws {
        let output = OutputTail()
        let bin = toolchain.erlangRoot.appending("bin")
        let command = Command(
            bin.appending(program), arguments,
            environment: [
                "PATH": "\(bin):\(ProgramLookup.systemPath)", "HOME": "/nonexistent", "LANG": "C.UTF-8",
                "ERL_CRASH_DUMP_SECONDS": "0",
            ], workingDirectory: "/")
        let end = try await runner.run(command) { output.add($0.text) }
        guard !end.isSuccess else { return }
        let line = output.text.split(whereSeparator: \.isNewline).last ?? "it ends with an error"
        throw Failure(.commandFailed, "\(program): \(line.prefix(200))")
    }
}

extension RepeatableBeams.Helper {
    /// The options of Erlang that load it, as `ELIXIR_ERL_OPTIONS` has them; `nil` where a path has blanks.
    func options(_ places: MixPlaces) -> String? {
        let words = [BuildWords.dependencies, BuildWords.own].map { places.homeSeen.appending($0).string }
        let options = ["-pa", seen(places).string, "-s", RepeatableBeams.module, "start"] + words
        return options.contains { $0.contains(where: \.isWhitespace) } ? nil : options.joined(separator: " ")
    }

    /// The folder as mix sees it.
    func seen(_ places: MixPlaces) -> FilePath { places.isSandboxed ? "/mixpack/beams" : folder }
}
