import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("The variables that a project reads")
struct VariableTests {
    @Test("Phoenix 1.7: found by its lock file, everything read at run time, one variable required")
    func phoenix() async throws {
        let project = try await Inspecting.inspect(fixture("phoenix_1_7"))
        #expect(project.phoenixVersion == "1.7.12")
        #expect(project.assetsDeploy == ["."])
        #expect(project.variables.allSatisfy { $0.phase == .run && $0.file == "config/runtime.exs" })
        #expect(
            project.variables.map(\.name) == ["SECRET_KEY_BASE", "PHX_HOST", "PORT", "PHX_SERVER", "DNS_CLUSTER_QUERY"])
        #expect(project.variables.map(\.need) == [.required, .default, .default, .flag, .optional])
        #expect(project.variables.map(\.defaultValue) == [nil, "example.com", "4000", nil, nil])
        #expect(project.variables.map(\.line) == [9, 15, 16, 3, 18])
        #expect(project.variables.compactMap(\.purpose).count == 1, "the template says nothing of DNS_CLUSTER_QUERY")
        #expect(project.variables.last?.purpose?.contains("such as my-app.internal") == true)
        #expect(project.findings.map(\.severity) == [.note], "only git is noted")
    }

    @Test("Phoenix of 2021: everything is read at build time, and secrets are warned about with file and line")
    func phoenix2021() async throws {
        let project = try await Inspecting.inspect(fixture("phoenix_2021"))
        #expect(project.usesPhoenix)
        #expect(project.variables.map(\.name) == ["DATABASE_URL", "SECRET_KEY_BASE", "POOL_SIZE", "PORT"])
        #expect(project.variables.allSatisfy { $0.phase == .build && $0.file == "config/prod.secret.exs" })
        #expect(project.migrations == ["priv/repo/migrations"])
        let secrets = project.findings.filter { $0.text.contains("is read when the project is built") }
        #expect(secrets.map(\.line) == [6, 17])
        #expect(
            secrets.allSatisfy { $0.file == "config/prod.secret.exs" && $0.advice?.contains("runtime.exs") == true })
    }

    @Test("every way to read a variable is found, with phase, need, default and place")
    func every() async throws {
        let project = try await Inspecting.inspect(fixture("variables"))
        let table = project.variables.map { variable in
            let value = variable.defaultValue.map { " = \($0)" } ?? ""
            return "\(variable.phase) \(variable.need) \(variable.name)\(value) \(variable.file):\(variable.line)"
        }
        #expect(table == Self.expected)
        #expect(
            project.unnamedReads.map { "\($0.phase) \($0.expression) \($0.file):\($0.line)" } == [
                "run name lib/variables.ex:7"
            ])
    }

    private static let expected = [
        "build required BUILD_TOKEN config/config.exs:5",
        "build required PROD_BUILD config/config.exs:13",
        "build default APP_VERSION = 0.1.0 mix.exs:5",
        "build default EXTRA = text config/extra.exs:3",
        "build optional BUILD_TIME config/config.exs:4",
        "build optional COMPILED_IN lib/variables.ex:2",
        "run required CASE_REQUIRED config/runtime.exs:34",
        "run required DOTENV_REQUIRED config/runtime.exs:27",
        "run required IN_PROD config/runtime.exs:14",
        "run required NESTED_RUN lib/variables/config/nested.ex:2",
        "run required PREFIX_A config/runtime.exs:55",
        "run required PREFIX_B config/runtime.exs:55",
        "run required REQUIRED_FETCH config/runtime.exs:18",
        "run required REQUIRED_NUMBER config/runtime.exs:19",
        "run required REQUIRED_PIPE config/runtime.exs:20",
        "run required REQUIRED_RAISE config/runtime.exs:17",
        "run required SHELL_REQUIRED rel/env.sh.eex:6",
        "run required UNLESS_REQUIRED config/runtime.exs:49",
        "run required VAPOR_URL lib/variables/vapor.ex:8",
        "run conditional ONLY_WITH_STORE config/runtime.exs:52",
        "run default CASE_DEFAULT = 17 config/runtime.exs:39",
        "run default DEFAULT_ARGUMENT = eleven config/runtime.exs:22",
        "run default DEFAULT_LAST = 13 config/runtime.exs:25",
        "run default DEFAULT_OR = 10 config/runtime.exs:21",
        "run default DEFAULT_OTHER = 13 config/runtime.exs:25",
        "run default DEFAULT_PIPE = 12 config/runtime.exs:23",
        "run default DEFAULT_SECRET config/runtime.exs:24",
        "run default DOTENV_DEFAULT = 14 config/runtime.exs:28",
        "run default ERLANG_DEFAULT = 15 config/runtime.exs:30",
        "run default LIB_RUN = 18 lib/variables.ex:7",
        "run default SHELL_DEFAULT = 19 rel/env.sh.eex:6",
        "run default TUPLE_DEFAULT = 16 config/runtime.exs:32",
        "run default VAPOR_PORT = 20 lib/variables/vapor.ex:9",
        "run flag FLAG config/runtime.exs:4",
        "run flag FLAG_IN config/runtime.exs:8",
        "run flag WITH_STORE config/runtime.exs:51",
        "run optional CASE_FETCH config/runtime.exs:44",
        "run optional ERLANG_STYLE config/runtime.exs:29",
        "run optional OPTIONAL config/runtime.exs:26",
        "run optional POD_IP rel/env.sh.eex:4",
        "run optional TUPLE config/runtime.exs:31",
        "run optional VAPOR_HOST lib/variables/vapor.ex:10",
        "run optional VAPOR_NAME lib/variables/vapor.ex:13",
    ]

    @Test("names that the project's own functions get are found through them, with the place of the call")
    func helpers() async throws {
        let project = try await Inspecting.inspect(fixture("helpers"))
        let table = project.variables.filter { $0.need != .conditional }.map { variable in
            let value = variable.defaultValue.map { " = \($0)" } ?? ""
            return "\(variable.phase) \(variable.need) \(variable.name)\(value) \(variable.file):\(variable.line)"
        }
        #expect(
            table == [
                "build flag BUILD_DEBUG config/config.exs:5", "build flag MAIL_TOKEN config/config.exs:5",
                "build optional PRIVATE_HEX_KEY mix.exs:5", "run required IN_A_RELEASE config/runtime.exs:8",
                "run required MAIL_PASSWORD config/runtime/mail.exs:3",
                "run required THROUGH_IMPORT config/runtime.exs:18", "run required TWO_HOPS config/runtime.exs:21",
                "run required URL_IN_A_VARIABLE config/runtime.exs:29",
                "run default OFF_BY_DEFAULT = false config/runtime.exs:46",
                "run default POOL_OF_WHOLE = 5 lib/helpers/whole.ex:2",
                "run default STORAGE = disk config/runtime.exs:38",
                "run default THROUGH_ALIAS = 4000 config/runtime.exs:19",
                "run optional CALLED_IN_CODE lib/helpers/caller.ex:2",
                "run optional FIRST_OF_LIST config/runtime.exs:25",
                "run optional HELPERS_LOCAL config/runtime.exs:23", "run optional MAPPED config/runtime.exs:27",
                "run optional MAPPED_TOO config/runtime.exs:27", "run optional RELEASE_NAME config/runtime.exs:7",
                "run optional SECOND_OF_LIST config/runtime.exs:25", "run optional THROUGH_PIPE config/runtime.exs:20",
                "run optional WORKERS config/runtime.exs:32",
            ])
    }

    @Test("what is needed on a condition comes with it, in the project's words; production is no condition")
    func conditions() async throws {
        let project = try await Inspecting.inspect(fixture("helpers"))
        let found = project.variables.filter { $0.need == .conditional }.map {
            "\($0.name) \($0.condition ?? "") \($0.conditionLine ?? 0)"
        }
        #expect(
            found == [
                "BUCKET if (System.get_env(\"STORAGE\") || \"disk\") is \"s3\" 38",
                "CUSTOM_STORAGE unless (System.get_env(\"STORAGE\") || \"disk\") is \"s3\" or \"disk\" 38",
                "ONLY_HOSTED if Application.get_env(:helpers, :hosted) 11",
                "ONLY_OWN unless Application.get_env(:helpers, :hosted) 11",
            ])
    }

    @Test("a name that cannot be followed makes the list incomplete, and that is said with its place")
    func incomplete() async throws {
        let project = try await Inspecting.inspect(fixture("helpers"))
        #expect(project.unnamedReads.map(\.expression) == ["Helpers.Env.text(settings.name)"])
        let notes = project.findings.filter { $0.text.contains("list of variables is incomplete") }
        #expect(notes.map(\.severity) == [.note])
        #expect(notes.map(\.file) == ["lib/helpers/caller.ex"])
        #expect(notes.map(\.line) == [4])
    }

    @Test("a secret that is a switch, or that mix.exs alone reads, is not said to end up in the image")
    func noFalseSecrets() async throws {
        let project = try await Inspecting.inspect(fixture("helpers"))
        #expect(!project.findings.contains { $0.text.contains("ends up in the image") })
        #expect(
            !project.findings.contains { $0.text.contains("does not exist") }, "local.exs is imported if it is there")
    }

    @Test("mix.exs that cannot be evaluated: its variables are shown all the same, and the missing one is named")
    func brokenMixFile() async throws {
        try await withTemporaryFolder { folder in
            let project = folder.appending("project")
            try project.appending("mix.exs").write(
                """
                defmodule P.MixProject do
                  use Mix.Project
                  System.get_env("EDITION") || raise("EDITION must be set")
                  def project, do: [app: :p, version: "0.1.0"]
                end
                """)
            try project.appending("config/runtime.exs").write(
                "import Config\nconfig :p, url: System.fetch_env!(\"URL\")")
            let found = try await Inspecting.inspector(cache: folder.appending("cache")).look(at: project)
            #expect(found.project.variables.map(\.name) == ["EDITION", "URL"])
            #expect(found.project.evidence == .probable)
            #expect(found.failure?.message == "EDITION must be set")
            #expect(found.failure?.advice == "give it to the build: -e EDITION=VALUE")
        }
    }

    @Test("configuration that is imported and missing is warned about")
    func missingImport() async throws {
        let findings = try await Inspecting.inspect(fixture("variables")).findings
        let missing = findings.filter { $0.text.contains("does not exist") }
        #expect(missing.map(\.text) == ["imports config/prod.secret.exs, which does not exist"])
        #expect(missing.map(\.line) == [4])
    }

    @Test("a variable is required where its absence surely stops the project, not where that may")
    func fallbacks() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("mix.exs").write(
                """
                defmodule Small.MixProject do
                  use Mix.Project
                  def project, do: [app: :small, version: "1.0.0"]
                end

                """)
            try folder.appending("config/runtime.exs").write(
                """
                import Config
                maybe = System.get_env("MAYBE")
                a =
                  cond do
                    maybe == "6" -> 6
                    true ->
                      case :inet.gethostname() do
                        {:ok, _} -> 4
                        {:error, reason} -> raise "no #{reason}"
                      end
                  end
                b = System.get_env("SURE") || (if config_env() == :prod, do: raise("set SURE"))
                c = System.get_env("ELSEWHERE") || (if config_env() == :dev, do: raise("set ELSEWHERE"))
                d =
                  case System.get_env("BOTH") do
                    nil -> if a == 4, do: raise("x"), else: raise("y")
                    value -> value
                  end
                config :small, a: a, b: b, c: c, d: d

                """)
            let variables = try await Inspecting.inspect(folder).variables
            #expect(Set(variables.filter { $0.need == .required }.map(\.name)) == ["SURE", "BOTH"], "\(variables)")
            #expect(variables.count == 4)
        }
    }

    @Test("of rel/ the templates and overlays of each release are read, no picture and no script of other tools")
    func releaseFiles() throws {
        try withTemporaryFolder { folder in
            for (file, text) in [
                ("server/env.sh.eex", "export IP=$FLY_IP\n"), ("overlays/bin/run", "exec $MODE\n"),
                ("app/tauri.sh", "echo $CI\n"), ("hooks/start", "echo $HOOK\n"), ("app/icons/a.png", "$A\0$B"),
                ("overlays/b.png", "$C\0"), ("overlays/bin/run.bat", "%X% $Y\n"), ("vm.args.eex", "-x ${ARG}\n"),
            ] { try folder.appending("rel/\(file)").write(text) }
            #expect(Set(ReleaseScripts(root: folder).variables.map(\.name)) == ["FLY_IP", "MODE", "ARG"])
            let variable = ProjectVariable(
                name: "A", phase: .run, need: .default, defaultValue: "<a>\n  <b>", file: "f", line: 1)
            #expect(variable.shownDefault == "<a> <b>")
        }
    }

    @Test("what rel/env.sh.eex sets of distribution is told")
    func scripts() async throws {
        let project = try await Inspecting.inspect(fixture("variables"))
        #expect(project.environmentScriptSets == ["RELEASE_NODE", "RELEASE_DISTRIBUTION"])
    }
}
