import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("Native code in dependencies")
struct NativeDependenciesTests {
    private func lockLine(_ name: String, _ managers: String = ":mix", _ needs: [String] = []) -> String {
        let list = needs.map { "{:\($0), \"~> 1.0\", [hex: :\($0), repo: \"hexpm\", optional: false]}" }
        return "  \"\(name)\": {:hex, :\(name), \"1.0.0\", \"aa\", [\(managers)], [\(list.joined(separator: ", "))], "
            + "\"hexpm\", \"bb\"},"
    }

    @Test("each is listed with what it needs, by the lock and by its sources; test-only ones and the builders are not")
    func list() throws {
        try withTemporaryFolder { folder in
            let lock = [
                lockLine("bcrypt_elixir", ":make, :mix", ["elixir_make"]), lockLine("elixir_make"),
                lockLine("explorer", ":mix", ["rustler", "rustler_precompiled"]), lockLine("rustler"),
                lockLine("rustler_precompiled"), lockLine("exqlite", ":make, :mix", ["cc_precompiler", "elixir_make"]),
                lockLine("cc_precompiler"), lockLine("jiffy", ":rebar3"), lockLine("jason"),
                lockLine("argon_test", ":make, :mix", ["elixir_make"]), lockLine("cowboy", ":make, :rebar3"),
                lockLine("ssl_verify_fun", ":make, :mix, :rebar3"), lockLine("agent", ":make, :mix"),
                lockLine("port", ":make"),
            ]
            try folder.appending("mix.lock").write("%{\n\(lock.joined(separator: "\n"))\n}\n")
            try folder.appending("deps/jiffy/c_src/a.c").write("")
            try folder.appending("native/own/Cargo.toml").write("")
            try folder.appending("vendor/zigged/build.zig").write("")
            try folder.appending("vendor/zigged/go.mod").write("")
            try folder.appending("mix.exs").write(
                """
                defmodule Small.MixProject do
                  use Mix.Project
                  def project do
                    [app: :small, version: "1.0.0", deps: [{:bcrypt_elixir, "~> 1.0"}, {:explorer, "~> 1.0"},
                     {:exqlite, "~> 1.0"}, {:agent, "~> 1.0"}, {:port, "~> 1.0"}, {:cowboy, "~> 1.0"}, {:ssl_verify_fun, "~> 1.0"}, {:jiffy, "~> 1.0"}, {:jason, "~> 1.0"}, {:zigged, path: "vendor/zigged"},
                     {:argon_test, "~> 1.0", only: :test}]]
                  end
                  def application, do: [mod: {Small, []}]
                end

                """)
            #expect(
                try MixInspector.staticLook(folder).nativeDependencies.map(\.text) == [
                    "native/own (cargo)", "bcrypt_elixir (make and a C compiler)",
                    "explorer (a build of it from the network, or cargo)",
                    "exqlite (a C compiler, or a build of it from the network)", "jiffy (a C compiler)",
                    "port (make and a C compiler)", "zigged (zig, go)",
                ])
        }
    }
}
