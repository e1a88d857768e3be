import BuildpackAPI
import Files
import Glibc
import MixInspection
import SystemPackage
import Toolchains

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

    /// Turns a fresh release into the layers of `ReleaseLayers`.
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

/// Takes out of a release what a container never uses, and what must not be in an image.
struct ReleasePruning {
    let ownership: ReleaseOwnership

    /// Programs of the runtime that only a developer's machine uses.
    private static let programs: Set<String> = [
        "ct_run", "dialyzer", "typer", "erlc", "erl_call", "escript", "yielding_c_fun", "start", "start_erl",
    ]

    func prune(_ release: AssembledRelease) throws {
        try pruneRuntime(release.runtimeDirectory.appending("bin"))
        try remove(in: release.versionDirectory) { $0.hasSuffix(".script") || $0.hasSuffix(".bat") }
        try remove(in: release.directory.appending("bin")) { $0.hasSuffix(".bat") }
        let archive = "\(release.name)-\(release.version).tar.gz"
        try remove(in: release.directory) { $0 == archive }
        if !ownership.keepsCookieFile { try remove(in: release.directory.appending("releases")) { $0 == "COOKIE" } }
    }

    /// epmd stays only where the project sets up distribution itself: Debian's needs libraries that nothing else does.
    private func pruneRuntime(_ folder: FilePath) throws {
        try remove(in: folder) { name in
            Self.programs.contains(name) || name.hasSuffix(".src") || (name == "epmd" && !ownership.distribution)
        }
    }

    private func remove(in folder: FilePath, where isUnused: (String) -> Bool) throws {
        for name in folder.names where isUnused(name) { try folder.appending(name).remove() }
    }
}

extension FilePath {
    var isProgram: Bool { access(string, X_OK) == 0 }
}
