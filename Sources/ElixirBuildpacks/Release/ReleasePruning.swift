import FoundationEssentials
import SystemPackage

/// Takes out of a release what a container never uses, and what must not be in an image.
struct ReleasePruning {
    let ownership: ReleaseOwnership

    /// Programs of the runtime that only a developer's machine uses.
    private static let programs: Set<String> = [
        "ct_run", "dialyzer", "typer", "erlc", "erl_call", "escript", "yielding_c_fun", "start", "start_erl",
    ]

    /// Removes files.
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
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        for name in names where isUnused(name) {
            try FileManager.default.removeItem(atPath: folder.appending(name).string)
        }
    }
}
