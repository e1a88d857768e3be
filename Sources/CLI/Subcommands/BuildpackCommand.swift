import ArgumentParser

/// `mixpack buildpack`: mixpack's own buildpacks, for other platforms.
struct BuildpackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildpack", abstract: "Works with mixpack's own buildpacks.",
        subcommands: [BuildpackPackageCommand.self])
}
