import BuildpackAPI
import MixInspection
import SystemPackage

/// A release made ready for an image: pruned, with mixpack's block in env.sh, split into layers.
struct FinishedRelease {
    let name: String
    let version: String
    let applications: [AssembledRelease.Application]
    let ownership: ReleaseOwnership
    /// Whether the release has its own start script for a server (`bin/server`, as `mix phx.gen.release` makes it).
    let hasServerScript: Bool
    /// Whether it has its own script for migrations (`bin/migrate`).
    let hasMigrateScript: Bool

    /// Turns a fresh release into the layers `base`, `deps` and `release`.
    /// - Parameters:
    ///   - directory: the release, as `mix release --path` made it; it is moved.
    ///   - setsCookie: whether mix.exs sets the cookie.
    /// - Throws: `Failure` when it is not a whole release.
    static func prepare(
        _ directory: FilePath, name: String, setsCookie: Bool, toolchain: Toolchain, dependencies: Set<String>,
        layers: FilePath, profile: DistributionProfile = .loopback
    ) throws -> FinishedRelease {
        let release = try AssembledRelease(in: directory, name: name)
        let ownership = ReleaseOwnership(of: release, mixFileSetsCookie: setsCookie)
        try ReleasePruning(ownership: ownership).prune(release)
        try ReleaseScript(ownership: ownership, profile: profile).append(to: release)
        let hasServerScript = release.directory.appending("bin").appending("server").isProgram
        let hasMigrateScript = release.directory.appending("bin").appending("migrate").isProgram
        try ReleaseLayers(toolchain: toolchain, dependencies: dependencies).split(release, into: layers)
        return FinishedRelease(
            name: name, version: release.version, applications: release.applications, ownership: ownership,
            hasServerScript: hasServerScript, hasMigrateScript: hasMigrateScript)
    }
}
