import FoundationEssentials
import SystemPackage
import TestSupport

/// Base images as tars of this distribution's packages: one to build releases in, one to run them on.
struct BaseArchives {
    let build: FilePath
    let run: FilePath

    /// Makes them.
    /// - Throws: `TestSupportError` when mmdebstrap is missing or the packages cannot be had.
    init(in folder: FilePath) async throws {
        try folder.makeFolder()
        build = folder.appending("build.tar")
        run = folder.appending("run.tar")
        try await Self.make(build, packages: "elixir,erlang-dev,erlang-parsetools,erlang-ssl,erlang-inets")
        try await Self.make(run, packages: "libstdc++6,libtinfo6,libssl3,zlib1g,ca-certificates")
    }

    private static func make(_ tar: FilePath, packages: String) async throws {
        let release = try FilePath("/etc/os-release").readText().split(separator: "\n")
            .first { $0.hasPrefix("VERSION_CODENAME=") }.map { String($0.dropFirst(17)) }
        _ = try await TestSupport.run(
            try findTool("mmdebstrap"),
            ["--quiet", "--variant=essential", "--include=\(packages)", release ?? "stable", tar.string],
            within: .seconds(600)
        ).succeeded()
    }
}
