import SystemPackage
import TestSupport
import Testing

/// Retired packages, as `mixpack detect` says them.
@Suite struct RetiredPackagesTests {
    @Test("detect warns about retired packages in mix.lock, by what the user's Hex last fetched, without a network")
    func detect() async throws {
        try await Workbench.run { bench in
            let project = bench.folder.appending("shop")
            try project.appending("mix.exs").write(
                """
                defmodule Shop.MixProject do
                  use Mix.Project
                  def project, do: [app: :shop, version: "0.1.0", deps: [{:words, "~> 0.1"}]]
                end
                """)
            try project.appending("mix.lock").write(
                "%{\n  \"words\": {:hex, :words, \"0.1.0\", \"a\", [:mix], [], \"hexpm\", \"b\"},\n}\n")
            let hex = bench.folder.appending("hex")
            try hex.makeFolder()
            let script = """
                T = ets:new(x, []), ets:insert(T, {{retired, <<"hexpm">>, <<"words">>, <<"0.1.0">>},
                #{reason => 'RETIRED_INVALID', message => <<"broken">>}}),
                ok = ets:tab2file(T, "cache.ets", [{extended_info, [object_count, md5sum]}]), halt(0).
                """
            _ = try await run(findTool("erl"), ["-noshell", "-eval", script], workingDirectory: hex).succeeded()
            let found = try await bench.mixpack.run(
                ["detect", project.string], environment: ["HEX_HOME": hex.string]
            ).succeeded().output
            let warning = "mix.lock: words 0.1.0 is retired: invalid, broken"
            #expect(found.ranges(of: warning).count == 1, "\(found)")
        }
    }
}
