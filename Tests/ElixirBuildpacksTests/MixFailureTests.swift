import BuildpackAPI
import Commands
import Diagnostics
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection
@testable import Toolchains

@Suite("Why mix failed")
struct MixFailureTests {
    private let project = MixProject(
        kind: .application, evidence: .evaluated, app: "my_app",
        dependencies: [
            MixDependency(name: "ex_doc", source: .hex, isForProduction: false),
            MixDependency(name: "jason", source: .hex, isForProduction: true),
        ])

    private func failure(_ output: String, _ project: MixProject? = nil, end: Termination = .exited(1)) -> Failure {
        let project = project ?? self.project
        var reader = MixOutputReader(project, workspace: "/workspace")
        _ = reader.read(output)
        _ = reader.finish()
        let outcome = MixRunner.Outcome(
            end: end, output: output, diagnostics: reader.diagnostics, exception: reader.exception)
        return MixFailure("mix release", outcome, project, PackageManager([:])).failure
    }

    @Test(
        "The last exception is the reason, with the first line of the stack that is the project's",
        arguments: [
            (
                """
                ** (File.Error) could not read file "nope": no such file or directory
                    (elixir 1.14.0) lib/file.ex:358: File.read!/1
                    config/config.exs:3: (file)
                    (stdlib 4.2) erl_eval.erl:744: :erl_eval.do_apply/7

                """, #"File.Error: could not read file "nope": no such file or directory"#, "config/config.exs:3"
            ),
            (
                """
                Compiling 1 file (.ex)

                == Compilation error in file lib/a.ex ==
                ** (RuntimeError) boom
                    lib/a.ex:3: (module)

                """, "RuntimeError: boom", "lib/a.ex:3"
            ),
            (
                """
                == Compilation error in file lib/b.ex ==
                ** (ErlangError) Erlang error: :nope
                    (stdlib 4.2) erl_eval.erl:744: :erl_eval.do_apply/7

                """, "ErlangError: Erlang error: :nope", "lib/b.ex"
            ),
            (
                """
                ** (FunctionClauseError) no function clause matching in MyApp.Steps.run/1    
                    
                    The following arguments were given to MyApp.Steps.run/1:
                    
                        # 1
                        :x
                    
                    (my_app 0.1.0) lib/steps.ex:3: MyApp.Steps.run/1
                    (mix 1.14.0) lib/mix/tasks/release.ex:1055: Mix.Tasks.Release.run_steps/1

                """, "FunctionClauseError: no function clause matching in MyApp.Steps.run/1    ", "lib/steps.ex:3"
            ),
            (
                """
                ** (Mix) Could not start application my_app: exited in: MyApp.Application.start(:normal, [])
                    ** (EXIT) an exception was raised:
                        ** (ArgumentError) no port
                            (my_app 0.1.0) lib/my_app/application.ex:9: MyApp.Application.start/2
                            (kernel 8.5.3) application_master.erl:293: :application_master.start_it_old/4

                """, "ArgumentError: no port", "lib/my_app/application.ex:9"
            ),
            (
                "** (Mix) Duplicated modules: \n\t'Elixir.A' specified in b and c\n",
                "Duplicated modules:  'Elixir.A' specified in b and c", nil
            ),
        ] as [(String, String, String?)])
    func exceptions(output: String, message: String, place: String?) {
        let failure = failure(output)
        #expect(failure.message == message)
        #expect(failure.place.map { "\($0)" } == place)
    }

    @Test("What the compiler says of a line goes before the exception that only says that it did")
    func compiler() {
        let failure = failure(
            """
            error: undefined function y/0
              lib/broken.ex:2: Broken.a/0


            == Compilation error in file lib/broken.ex ==
            ** (CompileError) lib/broken.ex: cannot compile module Broken (errors have been logged)

            """)
        #expect(failure.message == "undefined function y/0")
        #expect(failure.place == Place("lib/broken.ex", line: 2))
    }

    @Test("An error is told once")
    func once() {
        var reader = MixOutputReader(project, workspace: "/workspace")
        let facts = reader.read(
            """
            == Compilation error in file lib/a.ex ==
            ** (RuntimeError) boom
                lib/a.ex:3: (module)
                lib/a.ex:1: (file)

            """)
        #expect(
            facts + reader.finish() == [
                .diagnostic(Diagnostic(.error, "RuntimeError: boom", file: "lib/a.ex", line: 3))
            ])
    }

    @Test("Dependencies that mix refuses are named with its reason")
    func dependencies() {
        let failure = failure(
            """
            Dependencies have diverged:
            * jason (Hex package)
              the dependency jason 1.4.0

              > In mix.exs:
                {:jason, "1.4.0", [env: :prod]}

              does not match the requirement specified
            ** (Mix) Can't continue due to errors on dependencies

            """)
        #expect(failure.message.hasPrefix("dependency jason: the dependency jason 1.4.0"))
        #expect(failure.place == Place("mix.exs"))
        #expect(failure.advice?.contains("override: true") == true)
    }

    @Test("A warning that counts as an error is the reason")
    func strict() {
        let failure = failure(
            """
            warning: variable "x" is unused
              lib/a.ex:4: A.b/0

            Compilation failed due to warnings while using the --warnings-as-errors option

            """)
        #expect(failure.message == "variable \"x\" is unused")
        #expect(failure.place == Place("lib/a.ex", line: 4))
        #expect(failure.advice?.contains("warnings_as_errors") == true)
    }

    @Test(
        "Cures",
        arguments: [
            (
                #"** (System.EnvError) could not fetch environment variable "REGION" because it is not set"#,
                "-e REGION=VALUE"
            ),
            (
                #"** (System.EnvError) could not fetch environment variable "API_TOKEN" because it is not set"#,
                "--secret API_TOKEN"
            ),
            (
                """
                ** (UndefinedFunctionError) function MyApp.Defaults.port/0 is undefined (module MyApp.Defaults is not available)
                    MyApp.Defaults.port()
                    config/config.exs:3: (file)
                """, "before the project is compiled"
            ),
            (
                "** (CompileError) lib/a.ex:2: module ExDoc is not loaded and could not be found",
                "ex_doc is not for prod"
            ),
            (
                """
                warning: the dependency :jason requires Elixir "~> 1.17" but you are running on v1.14.0
                ** (CompileError) lib/jason.ex:2: undefined function x/0
                """, "jason needs Elixir ~> 1.17, and this is 1.14.0"
            ),
            (
                "** (Mix) Could not read configuration file. It likely has invalid configuration terms such as functions",
                "{Module, :function, arguments}"
            ),
        ])
    func cures(output: String, words: String) {
        let advice = failure(output + "\n").advice
        #expect(advice?.contains(words) == true, "\(advice ?? "none")")
    }

    @Test("Elixir 1.14 gives errors of the configuration no place: the source tells it")
    func placeFromSource() {
        var project = project
        project.variables = [
            ProjectVariable(name: "REGION", phase: .build, need: .required, file: "config/prod.exs", line: 4)
        ]
        let text = "imports config/prod.secret.exs, which does not exist"
        project.findings = [Diagnostic(.warning, text, file: "config/config.exs", line: 2, advice: "add the file")]
        let stack = "    (elixir 1.14.0) lib/file.ex:358: File.read!/1\n"
        let variable = failure(
            "** (System.EnvError) could not fetch environment variable \"REGION\" because it is not set\n" + stack,
            project)
        #expect(variable.place == Place("config/prod.exs", line: 4))
        let file = failure(
            "** (File.Error) could not read file \"/workspace/config/prod.secret.exs\": no such file\n" + stack, project
        )
        #expect(file.message == "File.Error: could not read file \"config/prod.secret.exs\": no such file")
        #expect(file.place == Place("config/config.exs", line: 2) && file.advice == "add the file")
    }

    @Test("Without a reason the end is said: the status, or that the system killed it")
    func ends() {
        #expect(failure("nothing\n").message == "mix release failed with status 1")
        #expect(failure("nothing\n").advice == "see the output above")
        #expect(failure("nothing\n", end: .signalled(9)).message.contains("memory"))
    }
}
