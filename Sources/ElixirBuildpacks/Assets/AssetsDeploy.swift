import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

/// Deploys assets where the project says how: dependencies, packages of Node, setup, compilation, and then the assets.
struct AssetsDeploy {
    let mix: MixRunner
    /// The folders that define `assets.deploy`, relative to the project's.
    let folders: [String]
    /// The cache folder of the buildpack.
    let cache: FilePath

    private var copy: FilePath { mix.places.copy }

    /// Deploys.
    /// - Parameter failure: makes the error of a command that failed.
    /// - Throws: `Failure` when something is missing or fails.
    func run(failure: (String, MixRunner.Outcome) -> Failure) async throws {
        guard !folders.isEmpty else { return }
        let programs = AssetPrograms(
            build: copy.appending("_build"), kept: cache.appending("asset-programs"),
            own: mix.context.applicationDirectory.appending("_build"))
        try programs.bring()
        for folder in folders {
            let packages = NodePackages(mix: mix, folder: folder == "." ? "assets" : "\(folder)/assets")
            try await packages.install(failure: failure)
            let setup = Self.definesSetup(copy.appending(folder)) ? ["assets.setup,"] : []
            // esbuild and tailwind fetch their programs the first time.
            let outcome = try await mix.mix(
                ["do", "deps.loadpaths,"] + setup + ["compile,", "assets.deploy"],
                in: folder == "." ? nil : mix.places.workspace.appending(folder), hasNetwork: true)
            guard outcome.end.isSuccess else { throw failure("mix assets.deploy", outcome) }
        }
        programs.keep()
    }

    private static func definesSetup(_ folder: FilePath) -> Bool {
        let text = folder.appending("mix.exs").text ?? ""
        return text.split(separator: "\n").contains { line in
            line.contains("\"assets.setup\":") && !line.drop { $0 == " " }.hasPrefix("#")
        }
    }
}
