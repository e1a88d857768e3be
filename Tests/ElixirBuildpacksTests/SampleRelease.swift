import SystemPackage
import TestSupport

@testable import MixInspection
@testable import Toolchains

/// A release as mix assembles it, small, with the toolchain that it came from.
struct SampleRelease {
    /// The release's folder.
    let directory: FilePath
    let toolchain: Toolchain

    /// Writes it.
    /// - Parameters:
    ///   - folder: takes the release and the toolchain.
    ///   - script: what env.sh holds.
    ///   - code: the content of the application's module.
    init(in folder: FilePath, script: String = "# nothing set\n", code: String = "my_app-0.1.0") throws {
        directory = folder.appending("fresh-release")
        toolchain = try Self.toolchain(in: folder)
        try writeReleases(script: script)
        for name in ["kernel-8.5.3", "elixir-1.14.0", "jason-1.4.1", "my_app-0.1.0"] {
            let isOwn = name.hasPrefix("my_app")
            try directory.appending("lib").appending(name).appending("ebin/x.beam").write(isOwn ? code : name)
        }
        try directory.appending("erts-13.1.5/bin/beam.smp").write("vm")
        try directory.appending("erts-13.1.5/bin/dialyzer").write("unused")
        try directory.appending("bin/my_app").write("#!/bin/sh\n", mode: 0o755)
    }

    private func writeReleases(script: String) throws {
        let releases = directory.appending("releases")
        try releases.appending("start_erl.data").write("13.1.5 0.1.0")
        try releases.appending("COOKIE").write("from-mix")
        let version = releases.appending("0.1.0")
        try version.appending("env.sh").write("#!/bin/sh\n" + script)
        try version.appending("vm.args").write("## -name nothing\n")
        try version.appending("start.script").write("")
        try version.appending("my_app.rel").write(
            """
            {release,{"my_app","0.1.0"},{erts,"13.1.5"},
             [{kernel,"8.5.3",permanent},{elixir,"1.14.0",permanent},{jason,"1.4.1",permanent},{my_app,"0.1.0",permanent}]}.
            """)
    }

    private static func toolchain(in folder: FilePath) throws -> Toolchain {
        let erlang = folder.appending("erlang")
        let elixir = folder.appending("elixir")
        try erlang.appending("lib/kernel-8.5.3").makeFolder()
        try elixir.appending("lib/elixir").makeFolder()
        return Toolchain(
            elixirVersion: "1.14.0", otpVersion: "25.2.3", ertsVersion: "13.1.5", elixirRoot: elixir, erlangRoot: erlang
        )
    }
}
