import BuildpackAPI
import Diagnostics
import Testing

@testable import ElixirBuildpacks

@Suite("Why a release does not start")
struct TrialExplanationTests {
    private static func diagnostic(
        _ output: String, status: Int32? = 1, madeUp: [String] = ["POOL"]
    ) -> Diagnostic? {
        let trial = Trial("start", .asked, command: ["/bin/a", "start"], madeUp: madeUp)
        return TrialExplanation(failure: TrialFailure(trial: trial, status: status, output: output)).diagnostic
    }

    /// What releases print, and the words that must name the cause.
    static let outputs: [(output: String, status: Int32, cause: String, file: String?)] = [
        (
            "ERROR! Config provider Config.Reader failed with:\n** (System.EnvError) could not fetch environment "
                + "variable \"API_TOKEN\" because it is not set\n    (elixir 1.14.0) lib/system.ex:706", 1,
            "the variable API_TOKEN is missing", "config/runtime.exs"
        ),
        (
            "{\"init terminating in do_boot\",{#{'__exception__'=>true,'__struct__'=>'Elixir.System.EnvError',"
                + "env=><<\"API_TOKEN\">>},[]}}", 1, "the variable API_TOKEN is missing", nil
        ),
        (
            "ERROR! Config provider Config.Reader failed with:\n** (RuntimeError) environment variable DATABASE_URL is "
                + "missing.\nFor example: ecto://USER:PASS@HOST/DATABASE", 1, "the variable DATABASE_URL is missing",
            "config/runtime.exs"
        ),
        (
            "{ERROR! the application :mini has a different value set for key :mode during runtime compared to "
                + "compile time. Since", 1, "config :mini, :mode has another value", "config/runtime.exs"
        ),
        (
            "ERROR! the application :shop has a different value set for path [:force_ssl] inside key ShopWeb.Endpoint "
                + "during runtime compared to compile time.", 1, "config :shop, ShopWeb.Endpoint has another value",
            "config/runtime.exs"
        ),
        (
            "/layers/a/erts-13/bin/beam.smp: error while loading shared libraries: libtinfo.so.6: cannot open shared "
                + "object file: No such file", 127, "the run image has no library libtinfo.so.6", nil
        ),
        (
            "** (ErlangError) {:load_failed, 'Failed to load NIF library: ''libfoo.so.3: cannot open shared object file'",
            1, "the run image has no library libfoo.so.3", nil
        ),
        (
            "/layers/a/release/releases/0.1.0/env.sh: 3: hostname: not found", 127,
            "the release's scripts call hostname, which the run image does not have", nil
        ),
        (
            "    ** (EXIT) an exception was raised:\n        ** (MatchError) no match of right hand side value: {:error, "
                + ":eaddrinuse}\n            (mini 0.1.0) lib/mini.ex:8: Mini.start/2", 1,
            "a port is already in use: two parts of the release listen on it, at lib/mini.ex:8 of mini", nil
        ),
        (
            "Failed to start Ranch listener Web.HTTP in :ranch_tcp:listen([port: 4000]) for reason :eaddrinuse "
                + "(address already in use)", 1, "port 4000 is already in use", nil
        ),
        (
            "Crash dump is being written to: /dev/null...ERROR! Config provider Config.Reader failed with:\n** "
                + "(ArgumentError) errors were found at the given arguments:\n\n  * 1st argument: not a textual "
                + "representation of an integer\n", 1,
            "the configuration does not accept the made-up value of POOL: 1st argument: not a textual representation",
            "config/runtime.exs"
        ),
        (
            "** (EXIT) an exception was raised:\n   ** (DBConnection.ConnectionError) tcp connect (db:5432): "
                + "non-existing domain - :nxdomain", 1, "the release uses the network while it starts", nil
        ),
        (
            "    ** (EXIT) an exception was raised:\n        ** (RuntimeError) no such thing\n            (elixir 1.14.0) "
                + "lib/a.ex:1: A.b/2\n            (mini 0.1.0) lib/mini.ex:10: Mini.start/2", 1,
            "no such thing, at lib/mini.ex:10 of mini", nil
        ),
    ]

    @Test("a value that is not accepted names the variable that can be meant, and its line; not another one")
    func namesVariable() throws {
        let output =
            "ERROR! Config provider Config.Reader failed with:\n** (ArgumentError) errors were found at the given "
            + "arguments:\n\n  * 1st argument: not a textual representation of an integer\n\n    :erlang."
            + "binary_to_integer(\"made-up-\")\n    /layers/r/release/releases/0.1.0/runtime.exs:14: (file)\n"
        let one = try #require(Self.diagnostic(output, madeUp: ["HTTP_PORT", "WORKERS"]))
        #expect(one.text.contains("the made-up value of WORKERS"))
        #expect(one.file == "config/runtime.exs" && one.line == 14)
        #expect(one.advice == "give the real value: -e WORKERS=VALUE")
        let two = try #require(Self.diagnostic(output, madeUp: ["DEPTH", "WORKERS"]))
        #expect(two.advice == "give the real values: -e DEPTH=VALUE -e WORKERS=VALUE")
    }

    @Test("The cause is named", arguments: outputs)
    func named(output: String, status: Int32, cause: String, file: String?) throws {
        let diagnostic = try #require(Self.diagnostic(output, status: status))
        #expect(diagnostic.text.contains(cause), "\(diagnostic.text)")
        #expect(diagnostic.file == file)
        #expect(diagnostic.severity == .error)
        #expect(diagnostic.advice?.isEmpty == false)
    }

    @Test("What says nothing is explained by nothing", arguments: ["", "hello\n", "not found", "** (EXIT) shutdown\n"])
    func unknown(output: String) {
        #expect(Self.diagnostic(output) == nil)
    }

    @Test(
        "Of the values of a start, only those are made up that the user did not give, and none is asked to be a secret")
    func values() throws {
        let trials = ReleaseTrials(
            name: "mini", version: "0.1.0", start: ["/bin/mini", "start"],
            required: ["SECRET_KEY_BASE", "PORT", "POOL_SIZE", "DATABASE_URL", "REGION"], given: ["REGION": "eu"]
        ).all
        #expect(trials.map(\.name) == ["version", "start"])
        #expect(trials.map(\.occasion) == [.always, .asked])
        let start = try #require(trials.last)
        #expect(start.madeUp == ["DATABASE_URL", "POOL_SIZE", "PORT", "SECRET_KEY_BASE"])
        #expect(start.environment["REGION"] == "eu")
        #expect(start.environment["PORT"].flatMap { Int($0) } != nil)
        #expect(start.environment["POOL_SIZE"].flatMap { Int($0) } != nil)
        #expect(start.environment["DATABASE_URL"]?.hasPrefix("ecto://") == true)
        #expect((start.environment["SECRET_KEY_BASE"]?.utf8.count ?? 0) >= 64)
        // env.sh may require any of them, but only the start is stopped.
        #expect(trials.first?.environment["REGION"] == "eu" && trials.first?.madeUp == start.madeUp)
        #expect(trials.first?.environment["ERL_AFLAGS"] == nil)
    }
}
