import Diagnostics
import Files
import FoundationEssentials
import Glibc
import ProjectGit
import SystemPackage
import Toolchains

/// The Elixir program that evaluates mix.exs and scans source: kept as source in this binary, compiled once per toolchain.
struct InspectionHelper {
    let toolchain: Toolchain
    let directory: FilePath

    private static let sources: [(name: String, text: [UInt8])] = [
        ("mixpack_inspection.ex", PackageResources.mixpack_inspection_ex),
        ("mixpack_project.ex", PackageResources.mixpack_project_ex),
        ("mixpack_scan.ex", PackageResources.mixpack_scan_ex),
        ("mixpack_calls.ex", PackageResources.mixpack_calls_ex),
        ("mixpack_needs.ex", PackageResources.mixpack_needs_ex),
        ("mixpack_reads.ex", PackageResources.mixpack_reads_ex),
        ("mixpack_code.ex", PackageResources.mixpack_code_ex),
        ("mixpack_values.ex", PackageResources.mixpack_values_ex),
        ("mixpack_json.ex", PackageResources.mixpack_json_ex),
    ]

    /// Tells one version of the helper, on one toolchain, from another.
    var version: String {
        var fingerprint = Fingerprint()
        for source in Self.sources { fingerprint.add(source.text) }
        fingerprint.add("\(toolchain.elixirVersion) \(toolchain.otpVersion)")
        return String(fingerprint.hex.prefix(16))
    }

    /// Where the compiled helper lies; the last file that is written there says that it is whole.
    var folder: FilePath { directory.appending("helper-\(version)") }

    var isCompiled: Bool { folder.appending("mixpack_inspection.beam").leadsSomewhere }

    /// Gives its folder the time of now, so that a prune knows that it is in use.
    func markUsed() { utimensat(AT_FDCWD, folder.string, nil, 0) }

    /// What the helper prints before the reason where it fails itself.
    static let failureMark = "mixpack_inspection:"

    private var start: [String] {
        let library = toolchain.elixirRoot.appending("lib")
        return ["-noshell", "-noinput", "-boot", "no_dot_erlang", "-pa"]
            + library.names.map { library.appending("\($0)/ebin").string }
    }

    /// What follows `erl`: has the helper answer a request.
    /// - Parameters:
    ///   - folder: where the VM sees the helper.
    ///   - isCompiled: whether it is compiled there; else the sources there are, for this once.
    func arguments(request: FilePath, folder: FilePath, isCompiled: Bool) -> [String] {
        let run =
            isCompiled
            ? [folder.string, "-s", "mixpack_inspection", "main"]
            : sources(in: folder) + ["-eval", Self.compilation("compile(Sources)") + "mixpack_inspection:main()."]
        return start + run + ["-extra", request.string]
    }

    /// What follows `erl`: compiles the sources in a folder to files beside them.
    func compilation(in folder: FilePath) -> [String] {
        let compile = Self.compilation("compile_to_path(Sources, unicode:characters_to_binary(Beams))")
        let beams = "{ok, [[Beams]]} = init:get_argument(mixpack_beams), "
        return start + ["-mixpack_beams", folder.string] + sources(in: folder) + [
            "-eval", beams + compile + "halt(0).",
        ]
    }

    func writeSources(to folder: FilePath) throws(Failure) {
        for source in Self.sources { try folder.appending(source.name).replace(with: source.text) }
    }

    private func sources(in folder: FilePath) -> [String] {
        ["-mixpack_sources"] + Self.sources.map { folder.appending($0.name).string }
    }

    /// Makes what has been compiled into the work folder the helper of the next runs.
    func keep(from workFolder: FilePath) {
        guard !isCompiled, workFolder.appending("mixpack_inspection.beam").leadsSomewhere else { return }
        // Another inspection may have been faster: then its folder stays.
        try? workFolder.move(to: folder)
    }

    private static func compilation(_ call: String) -> String {
        """
        {ok, [Names]} = init:get_argument(mixpack_sources),
        Sources = [unicode:characters_to_binary(Name) || Name <- Names],
        {ok, _} = application:ensure_all_started(elixir),
        'Elixir.Code':compiler_options([{ignore_module_conflict, true}, {docs, false}, {debug_info, false}]),
        {ok, _, _} = 'Elixir.Kernel.ParallelCompiler':\(call),

        """
    }
}

/// What the helper is asked for.
struct InspectionRequest {
    var root: FilePath
    var isEvaluating: Bool
    var filesToScan: [String]
    /// Other source, which is read where it has functions or calls that lead to a variable's name.
    var candidates: [String] = []
    var timeoutSeconds: Int

    /// The request as the helper reads it: lines of `key=value`.
    func text(output: FilePath) -> String {
        let lines = [
            "project=\(root)", "output=\(output)", "evaluate=\(isEvaluating)", "timeout=\(timeoutSeconds * 1000)",
        ]
        let files = filesToScan.map { "scan=\($0)" } + candidates.map { "candidate=\($0)" }
        return (lines + files).joined(separator: "\n") + "\n"
    }
}

/// What the helper writes: facts of mix.exs, or why there are none, and what a scan of the source found.
struct InspectionAnswer: Sendable, Decodable {
    struct Failure: Sendable, Decodable {
        var message: String
        var file: String?
        var line: Int?
        var timedOut: Bool?
        var noProject: Bool?
    }

    var error: Failure?
    var own: ProjectFacts?
    var children: [ProjectFacts]?
    var scan: [ScanHit]?
    /// What mix.exs asked git; not from the helper.
    var git: GitRecord?
    /// By which a candidate is known that matters to the scan.
    var scanWords: [String]?
}

/// Something that the scan of a source file found.
struct ScanHit: Sendable, Hashable, Codable {
    enum Kind: String, Sendable, Hashable, Codable {
        case read
        /// A file of configuration that is imported; `*` stands for a computed part.
        case `import`
        /// An address to listen on that is not the loopback, or is computed.
        case listens
        /// A loopback address to listen on.
        case loopback
        /// `server: true`.
        case server
        /// A call of Mix's that runs in a release.
        case mix
        /// A call of an application of OTP, which `default` has as it is written.
        case application
        /// A function as a value of the configuration.
        case function
        /// A variable is read by a name that is not known.
        case dynamic
    }

    var kind: Kind
    var file: String
    var line: Int
    /// The variable, the expression of its name, the file that is imported, the address, the call, or the application.
    var name: String
    var phase: ProjectVariable.Phase?
    /// Whether the phase is that of the read, whoever loads the file.
    var isFixed: Bool?
    var need: ProjectVariable.Need?
    var `default`: String?
    /// The condition of a read that is needed on one only, in the project's own words, and its line.
    var condition: String?
    var conditionLine: Int?
}
