import SystemPackage
import TestSupport

/// `mix release` as a developer types it.
struct MixContender: Contender {
    let name = "mix release"

    func forget(_ project: BenchProject) async throws {
        let build = project.folder.appending("_build")
        if build.isThere { try build.remove() }
    }

    func build(_ project: BenchProject) async throws -> Double {
        try await run(
            try findTool("mix", package: "elixir"), ["release", "--overwrite", "--quiet"],
            environment: ["MIX_ENV": "prod", "HEX_OFFLINE": "1"], workingDirectory: project.folder
        ).succeeded().seconds
    }
}
