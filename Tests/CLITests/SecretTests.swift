import SystemPackage
import TestSupport
import Testing

/// Secrets: never shown, never kept, and where the project itself compiles one in, said.
@Suite(.serialized) struct SecretTests {
    private static let value = "hunter2-hunter2-hunter2-hunter2-hunter2-hunter2-hunter2-hunter2-x"

    @Test(
        "a secret given to the build is in no output, no file of mixpack and no layer",
        arguments: ["plain", "json", "quiet"])
    func nowhere(_ ui: String) async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let end = try await bench.tryBuild(
                project, as: "web",
                [
                    "--release", "web_rel", "-e", "DEBUG=1", "-e", "SECRET_KEY_BASE", "--secret", "MY_NAME",
                    "--ui=\(ui)",
                    "--record", "\(bench.folder)/record.jsonl", "--output", "oci-archive:\(bench.folder)/web.tar",
                ], environment: ["SECRET_KEY_BASE": Self.value, "MY_NAME": "swordfish-\(Self.value)"]
            ).succeeded()
            #expect(!(end.output + end.errorOutput).contains("hunter2"))
            #expect(try await Self.filesWithSecret(in: bench.folder) == [])
        }
    }

    @Test("a secret in what a command prints is masked, also when it is cut in two")
    func masked() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] = """
                    import Config
                    secret = System.get_env("API_TOKEN")
                    IO.puts("the token is #{secret}")
                    IO.write(String.slice(secret, 0, 10))
                    IO.puts(String.slice(secret, 10, 200))
                    """
            }
            let end = try await bench.tryBuild(project, as: "mini", ["-e", "API_TOKEN=\(Self.value)"])
            #expect(end.output.contains("the token is "))
            #expect(!(end.output + end.errorOutput).contains("hunter2"))
        }
    }

    @Test("a secret from a command is the first line of its output, masked; one that gives none ends before the build")
    func fromCommand() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] = """
                    import Config
                    value = System.get_env("ANY_NAME")
                    IO.puts("it has #{String.length(value)} characters: #{value}")
                    """
            }
            func build(_ text: String) async throws -> ProgramEnd {
                try await bench.tryBuild(project, as: "mini", ["--secret-from-command", text])
            }
            let end = try await build("ANY_NAME=echo \(Self.value); echo more").succeeded()
            #expect(end.output.contains("it has \(Self.value.count) characters: "), "\(end)")
            #expect(!(end.output + end.errorOutput).contains("hunter2"))
            let none = try await build("ANY_NAME=exit 7")
            #expect(none.status == 3, "\(none)")
            #expect(
                none.errorOutput.contains("--secret-from-command ANY_NAME: the command printed no secret"), "\(none)")
            let wrong = try await build("hunter2")
            #expect(wrong.status == 3 && !wrong.errorOutput.contains("hunter2"), "\(wrong)")
        }
    }

    @Test("a secret that config.exs compiles in is said with its place and the cure, and labelled (case 17)")
    func compiledIn() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] = """
                    import Config

                    config :mini, secret: System.get_env("SECRET_KEY_BASE")
                    """
            }
            let arguments = ["-e", "SECRET_KEY_BASE=\(Self.value)", "--output", "oci:\(bench.folder)/layout:mini"]
            let end = try await bench.tryBuild(project, as: "mini", arguments).succeeded()
            #expect(end.output.contains("config/config.exs:3"))
            #expect(end.output.contains("runtime.exs"))
            #expect(!end.output.contains(Self.value))
            let image = try ImageFacts(layout: bench.folder.appending("layout"), tag: "mini")
            let labelled = image.labels.filter { "\($0.value)".contains("SECRET_KEY_BASE") }.keys
            #expect(!labelled.isEmpty, "\(image.labels.keys.sorted())")
            let stopped = try await bench.tryBuild(project, as: "other", arguments + ["--forbid-secrets"])
            #expect(stopped.status == 1, "\(stopped)")
            let allowed = try await bench.tryBuild(
                project, as: "other", arguments + ["--forbid-secrets", "--allow-secret", "SECRET_KEY_BASE"])
            #expect(allowed.status == 0, "\(allowed)")
        }
    }

    private static func filesWithSecret(in folder: FilePath) async throws -> [String] {
        try await filesHolding("hunter2", in: folder)
    }
}
