import BuildpackFiles
import Commands
import ElixirBuildpacks
import FoundationEssentials
import Glibc
import SystemPackage

// The programs bin/detect and bin/build of mixpack's buildpacks, for other platforms: one executable under both names,
// which buildpack it is buildpack.toml beside it says.

let call = ProgramCall(
    words: CommandLine.arguments, environment: ProcessInfo.processInfo.environment,
    workingDirectory: FilePath(FileManager.default.currentDirectoryPath))
let runner = SubprocessCommandRunner()
let supply = ToolchainSupply(
    root: ToolchainSupply.root(inLayers: call.layersRoot), settings: DownloadSettings(),
    downloader: CurlProgram(runner: runner, environment: call.environment), runner: runner, isSealed: false)

let program = BuildpackProgram { version in
    [
        ErlangRuntimeBuildpack(version: version, supply: supply),
        ElixirRuntimeBuildpack(version: version, supply: supply),
        MixReleaseBuildpack(version: version, runner: runner, supply: supply, worksInPlace: true),
    ]
} write: { text in
    _ = try? FileDescriptor.standardOutput.writeAll(text.utf8)
}

exit(await program.run(call))
