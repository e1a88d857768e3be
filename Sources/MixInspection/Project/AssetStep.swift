/// A command that makes assets in a project whose mix.exs has no alias `assets.deploy`.
package struct AssetStep: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// A script of package.json; the packages that the file names are installed first.
        case script
        /// Phoenix's own task `phx.digest`.
        case digest
        /// A line of project.toml, for the shell.
        case line
    }

    package var kind: Kind
    /// The folder of the mix.exs that it belongs to, relative to the project's; `.` for its own.
    package var application: String
    /// The folder that it runs in, relative to the project's.
    package var folder: String
    /// What runs, as a person would type it.
    package var command: String
    package var reason: String

    /// The command with its folder, where that is not the project's own.
    package var text: String { folder == "." ? command : "\(command) in \(folder)" }
}

extension MixProject {
    /// Whether a build makes assets.
    package var makesAssets: Bool { !assetsDeploy.isEmpty || !assetSteps.isEmpty }

    /// What makes the assets, one line for each step, with why it was chosen.
    package var assetLines: [String] {
        let aliases = assetsDeploy.isEmpty ? [] : ["mix assets.deploy in \(assetsDeploy.joined(separator: ", "))"]
        return aliases + assetSteps.map { "\($0.text) (\($0.reason))" }
    }
}
