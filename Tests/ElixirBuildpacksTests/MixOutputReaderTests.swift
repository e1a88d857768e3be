import BuildpackAPI
import Diagnostics
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection

@Suite("Reading mix's output")
struct MixOutputReaderTests {
    private func read(_ text: String, _ project: MixProject? = nil) -> [MixOutputReader.Fact] {
        let single = MixProject(kind: .application, evidence: .evaluated, app: "hello", lockedDependencies: ["jason"])
        var reader = MixOutputReader(project ?? single, workspace: "/workspace")
        return reader.read(text)
    }

    private var umbrella: MixProject {
        MixProject(
            kind: .umbrella, evidence: .evaluated, app: nil,
            children: [ChildApp(name: "web", path: "apps/web"), ChildApp(name: "core", path: "apps/core")])
    }

    @Test("Files of a dependency by path, and of the context around the project, are named from the project's folder")
    func aroundTheProject() {
        let shared = MixDependency(name: "shared", source: .path, location: "../../shared")
        let project = MixProject(kind: .application, evidence: .evaluated, app: "web", dependencies: [shared])
        var reader = MixOutputReader(project, workspace: "/workspace/services/web", path: "services/web")
        let text = """
            ==> shared
            error: undefined function x/0
              lib/shared.ex:3: Shared.y/0
            ==> web
            error: undefined variable "a"
              /workspace/common/x.ex:4: X.y/0
            error: undefined variable "b"
              /workspace/services/web/lib/web.ex:5: Web.y/0

            """
        let places = reader.read(text).compactMap { fact -> String? in
            guard case .diagnostic(let found) = fact else { return nil }
            return found.place.map { "\($0)" }
        }
        #expect(places == ["../../shared/lib/shared.ex:3", "../../common/x.ex:4", "lib/web.ex:5"])
    }

    @Test("A warning of Elixir 1.14")
    func oldWarning() {
        let text = """
            Compiling 1 file (.ex)
            warning: variable "x" is unused (if the variable is not meant to be used, prefix it with an underscore)
              lib/hello.ex:15: Hello.hello/0

            Generated hello app

            """
        #expect(
            read(text) == [
                .progress(step: "compiling hello", done: 0, total: 1),
                .diagnostic(
                    Diagnostic(
                        .warning,
                        "variable \"x\" is unused (if the variable is not meant to be used, prefix it with an underscore)",
                        file: "lib/hello.ex", line: 15)),
                .progress(step: "compiling hello", done: 1, total: 1),
            ])
    }

    @Test("A call into an application that nobody lists has the cure, and no list that is cut off")
    func unlistedApplication() {
        let text = """
            warning: :httpc.request/1 defined in application :inets is used by the current application but the current \
            application does not depend on :inets. To fix this, you must do one of:

              1. If :inets is part of Erlang/Elixir, you must include it under :extra_applications inside \
            "def application" in your mix.exs

              lib/hello.ex:3: Hello.h/0

            """
        #expect(
            read(text) == [
                .diagnostic(
                    Diagnostic(
                        .warning,
                        ":httpc.request/1 defined in application :inets is used by the current application, which does not "
                            + "list it",
                        file: "lib/hello.ex", line: 3, advice: "add :inets to extra_applications in mix.exs"))
            ])
    }

    @Test("Warnings and errors of Elixir 1.16 and later, with their columns")
    func newFormat() {
        let text = """
                warning: variable "x" is unused
                │
             15 │     x = 1
                │     ~
                │
                └─ lib/hello.ex:15:5: Hello.hello/0

                error: undefined variable "y"
                │
              2 │   def a, do: y
                │              ^
                │
                └─ lib/broken.ex:2:14: Broken.a/0


            == Compilation error in file lib/broken.ex ==
            ** (CompileError) lib/broken.ex: cannot compile module Broken (errors have been logged)

            """
        let facts = read(text)
        #expect(
            facts.prefix(2) == [
                .diagnostic(
                    Diagnostic(.warning, "variable \"x\" is unused", file: "lib/hello.ex", line: 15, column: 5)),
                .diagnostic(Diagnostic(.error, "undefined variable \"y\"", file: "lib/broken.ex", line: 2, column: 14)),
            ])
    }

    @Test(
        "Errors of Elixir 1.14",
        arguments: [
            ("** (SyntaxError) lib/broken.ex:2:7: syntax error before: '}'", 2, 7, "syntax error before: '}'"),
            ("** (CompileError) lib/broken.ex:3: undefined function foo/0", 3, nil, "undefined function foo/0"),
            ("** (TokenMissingError) lib/broken.ex:9:1: missing terminator: end", 9, 1, "missing terminator: end"),
            ("** (SyntaxError) invalid syntax found on lib/broken.ex:4:2:", 4, 2, "SyntaxError"),
        ] as [(String, Int, Int?, String)])
    func oldErrors(line: String, number: Int, column: Int?, text: String) {
        let facts = read(
            "== Compilation error in file lib/broken.ex ==\n\(line)\n    (elixir 1.14.0) lib/kernel.ex:1: x\n")
        #expect(facts == [.diagnostic(Diagnostic(.error, text, file: "lib/broken.ex", line: number, column: column))])
    }

    @Test("An error without a place takes it from the first line of the stack that is the project's")
    func raised() {
        let text = """
            ** (System.EnvError) could not fetch environment variable "X" because it is not set
                (elixir 1.14.0) lib/system.ex:706: System.fetch_env!/1
                config/config.exs:3: (file)
                (stdlib 4.2) erl_eval.erl:748: :erl_eval.do_apply/7

            """
        #expect(
            read(text) == [
                .diagnostic(
                    Diagnostic(
                        .error, "System.EnvError: could not fetch environment variable \"X\" because it is not set",
                        file: "config/config.exs", line: 3))
            ])
    }

    @Test("In an umbrella files belong to the child that is being compiled")
    func child() {
        let text = """
            ==> web
            Compiling 3 files (.ex)
            warning: unused alias A
              lib/web.ex:3

            ** (CompileError) lib/web.ex:7: undefined function b/0 (expected Web to define such a function)
            """
        #expect(
            read(text, umbrella) == [
                .progress(step: "compiling web", done: 0, total: 3),
                .diagnostic(Diagnostic(.warning, "unused alias A", file: "apps/web/lib/web.ex", line: 3)),
                .diagnostic(
                    Diagnostic(
                        .error, "undefined function b/0 (expected Web to define such a function)",
                        file: "apps/web/lib/web.ex", line: 7)),
            ])
    }

    @Test("A dependency's warnings are only output, its errors are told")
    func dependency() {
        let text = """
            ==> jason
            warning: use Bitwise is deprecated
              lib/encode.ex:4: Jason.Encode

            ** (CompileError) lib/encode.ex:9: boom
            ==> hello
            warning: ours
              lib/hello.ex:1
            """
        #expect(
            read(text) == [
                .diagnostic(Diagnostic(.error, "boom", file: "deps/jason/lib/encode.ex", line: 9)),
                .diagnostic(Diagnostic(.warning, "ours", file: "lib/hello.ex", line: 1)),
            ])
    }

    @Test("Erlang's problems, with and without a column")
    func erlang() {
        let facts = read("src/p.erl:3:5: Warning: variable 'X' is unused\nsrc/p.erl:7: syntax error before: '.'\n")
        #expect(
            facts == [
                .diagnostic(Diagnostic(.warning, "variable 'X' is unused", file: "src/p.erl", line: 3, column: 5)),
                .diagnostic(Diagnostic(.error, "syntax error before: '.'", file: "src/p.erl", line: 7)),
            ])
    }

    @Test(
        "Ordinary output and odd lines are nothing",
        arguments: ["", "\n\n", "hello", "** (", "warning: ", "└─ :::", "==> "])
    func nothing(text: String) {
        #expect(read(text).isEmpty)
    }

    @Test("Paths in the workspace are told relative to the project")
    func workspace() {
        let facts = read("** (Mix.Error) /workspace/config/prod.exs:2: bad\n")
        #expect(facts == [.diagnostic(Diagnostic(.error, "bad", file: "config/prod.exs", line: 2))])
    }
}
