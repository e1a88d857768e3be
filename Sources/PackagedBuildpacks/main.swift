import BuildpackFiles
import Commands
import ElixirBuildpacks
import FoundationEssentials
import Glibc
import SystemPackage

// The programs bin/detect and bin/build of mixpack's buildpacks, for other platforms: one executable under both names,
// which buildpack it is buildpack.toml beside it says.

let program = BuildpackProgram { version in
    [
        ErlangRuntimeBuildpack(version: version), ElixirRuntimeBuildpack(version: version),
        MixReleaseBuildpack(version: version, runner: SubprocessCommandRunner(), worksInPlace: true),
    ]
} write: { text in
    _ = try? FileDescriptor.standardOutput.writeAll(text.utf8)
}

let call = ProgramCall(
    words: CommandLine.arguments, environment: ProcessInfo.processInfo.environment,
    workingDirectory: FilePath(FileManager.default.currentDirectoryPath))
exit(await program.run(call))
