import SystemPackage

/// The Elixir program that evaluates mix.exs and scans source: kept as source in this binary, compiled once per toolchain.
struct InspectionHelper {
    let toolchain: Toolchain
    let directory: FilePath

    private static let sources: [(name: String, text: [UInt8])] = [
        ("mixpack_inspection.ex", PackageResources.mixpack_inspection_ex),
        ("mixpack_project.ex", PackageResources.mixpack_project_ex),
        ("mixpack_scan.ex", PackageResources.mixpack_scan_ex),
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
    private var folder: FilePath { directory.appending("helper-\(version)") }

    var isCompiled: Bool { ProjectFile.isThere(folder.appending("mixpack_inspection.beam")) }

    /// What follows `erl`: starts the helper on a request; compiles it first where that is still to be done.
    /// - Parameter workFolder: where the sources are put and compiled, before `keep` takes the result.
    func arguments(request: FilePath, workFolder: FilePath) throws(MixError) -> [String] {
        var arguments = ["-noshell", "-noinput", "-boot", "no_dot_erlang", "-pa"]
        let library = toolchain.elixirRoot.appending("lib")
        arguments += ProjectFile.names(in: library).map { library.appending("\($0)/ebin").string }
        if isCompiled {
            arguments += [folder.string, "-s", "mixpack_inspection", "main"]
        } else {
            let files = try write(into: workFolder)
            arguments += ["-mixpack_beams", workFolder.string, "-mixpack_sources"] + files
            arguments += ["-eval", Self.compileAndRun]
        }
        return arguments + ["-extra", request.string]
    }

    /// Makes what has been compiled into the work folder the helper of the next runs.
    func keep(from workFolder: FilePath) {
        guard !isCompiled, ProjectFile.isThere(workFolder.appending("mixpack_inspection.beam")) else { return }
        // Another inspection may have been faster: then its folder stays.
        try? CacheFile.move(workFolder, to: folder)
    }

    private func write(into folder: FilePath) throws(MixError) -> [String] {
        var files: [String] = []
        for source in Self.sources {
            let file = folder.appending(source.name)
            try CacheFile.write(source.text, to: file)
            files.append(file.string)
        }
        return files
    }

    private static let compileAndRun = """
        {ok, [Sources]} = init:get_argument(mixpack_sources),
        {ok, [[Beams]]} = init:get_argument(mixpack_beams),
        {ok, _} = application:ensure_all_started(elixir),
        'Elixir.Code':compiler_options([{ignore_module_conflict, true}, {docs, false}, {debug_info, false}]),
        {ok, _, _} = 'Elixir.Kernel.ParallelCompiler':compile_to_path(
            [unicode:characters_to_binary(S) || S <- Sources], unicode:characters_to_binary(Beams)),
        mixpack_inspection:main().
        """
}
