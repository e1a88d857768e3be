import SystemPackage
import TestSupport
import Testing

/// A value on the command line is not repeated, whatever is wrong with the word that it stands in.
@Suite(.serialized) struct CommandLineSecretTests {
    private static let value = "swordfish"
    private static let word = "K=\(value)"

    @Test(
        "docker's NAME=VALUE behind an option that takes a name is refused by its name alone",
        arguments: [
            ["--secret", word], ["--secret=\(word)"], ["--secret", "\(word)=more"], ["--allow-secret", word],
            ["--allow-secret=\(word)"], ["--secret-from-command", "K=echo \(value); exit 1"],
        ])
    func takesName(_ words: [String]) async throws {
        let end = try await Self.refused(["build", "x"] + words)
        let option = String(try #require(words.first).prefix { $0 != "=" })
        #expect(end.errorOutput.contains(option), "\(end)")
        #expect(end.errorOutput.contains("K"), "\(end)")
    }

    @Test("a secret by its name is advised where a value is refused")
    func advice() async throws {
        let end = try await Self.refused(["build", "x", "--secret", Self.word])
        #expect(end.errorOutput.hasPrefix("mixpack: --secret takes a name, not a value: K\n"), "\(end)")
        #expect(end.errorOutput.contains("export K and give --secret K"), "\(end)")
        #expect(end.errorOutput.contains("--secret-from-command"), "\(end)")
    }

    @Test(
        "no error of the command line repeats a value",
        arguments: [
            ["build", "x", "--sekret", word], ["build", "x", "--sekret=\(word)"], ["build", "x", "--sekret=\(value)"],
            ["build", "x", "-z\(word)"], ["build", "x", "-e1/\(word)"], ["build", "img", "dir", word],
            ["build", "img", "dir", "K=\(value) with spaces"], ["build", "x", "--publish=\(value)"],
            ["build", "x", "--publish=\(word)"], ["build", "x", "--ui=\(word)"], ["build", "x", "--ui", word],
            ["build", "x", "-e", "1/\(word)"], ["build", "x", "--env", "A \(word)"],
            ["build", "x", "--env", "=\(value)"],
            ["build", "x", "--secret-from-command", "1/\(word)"], ["build", "x", "--secret-from-command", "=\(value)"],
            ["build", "x", "--env-file", word], ["build", word], ["build", "K=\(value) x:tag"], ["build", "x:\(word)"],
            ["build", "x", "--path", word], ["build", "x", "--path", "a/..//\(word)//b"],
            ["build", "x", "--volume", word],
            ["build", "x", "--output", word], ["build", "x", "--output", "docker://h.test/\(word):tag"],
            ["build", "x", "--tag", word], ["build", "x", "--platform", word], ["build", "x", "--builder", word],
            ["build", "x", "--run-image", word], ["build", "x", "--record", "\(word)/file"], [word], [word, "x"],
            ["inspect", word], ["inspect", "oci:\(word)"], ["inspect", "x", "--platform", word], ["replay", word],
            ["init", word], ["init", "-e", "K_TOKEN=\(value)"], ["detect", word], ["doctor", word],
            ["rebase", word, "--run-image", word], ["shell", "--path", word, "--", "true"], ["buildpack", word],
        ])
    func usage(_ words: [String]) async throws { _ = try await Self.refused(words) }

    @Test("nor does a build that fails, and detect")
    func build() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let mistakes = [
                (["--release", Self.word], "no release K="), (["--distribution", Self.word], "BP_DISTRIBUTION=K="),
                (["--buildpack", Self.word], "no buildpack K="), (["--run-image", "oci:\(Self.word)"], "K="),
            ]
            for ui in ["plain", "json", "quiet"] {
                for (words, name) in mistakes {
                    let end = try await bench.tryBuild(project, as: "x", words + ["--ui=\(ui)"])
                    #expect(![0, nil].contains(end.status), "\(end)")
                    #expect((end.output + end.errorOutput).contains(name), "\(end)")
                    #expect(!(end.output + end.errorOutput).lowercased().contains(Self.value), "\(end)")
                }
            }
            for more in [[], ["--json"]] {
                let end = try await bench.mixpack.run(["detect", "--path", "\(bench.folder)/\(Self.word)"] + more)
                #expect(end.status == 20, "\(end)")
                #expect(!(end.output + end.errorOutput).contains(Self.value), "\(end)")
            }
        }
    }

    @Test("what is no secret is still named: a value that an option does not take, and a flag that is not known")
    func named() async throws {
        let loud = try await Self.refused(["build", "x", "--ui=loud"])
        #expect(loud.errorOutput.contains("'loud'"), "\(loud)")
        let flag = try await Self.refused(["build", "x", "--sekret=\(Self.value)"])
        #expect(flag.errorOutput.contains("'--sekret'"), "\(flag)")
    }

    @Test(
        "a line of an --env-file that is wrong is named by its number",
        arguments: ["A=b\nswordfish\n", "A=b\n1/K=swordfish", "A=b\nexport K=swordfish"])
    func file(text: String) async throws {
        try await Workbench.run { bench in
            let file = bench.folder.appending("file.env")
            try file.write(text)
            let end = try await bench.mixpack.run(["build", "x", "--env-file", file.string])
            #expect(end.status == 3 && end.errorOutput.contains("file.env:2: "), "\(end)")
            #expect(!(end.output + end.errorOutput).contains(Self.value), "\(end)")
        }
    }

    @Test(
        "a setting without quotes is named by its line",
        arguments: ["value = swordfish", "K=swordfish", "K = sword-fish.swordfish", "name = \"K=swordfish\""])
    func settings(line: String) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let descriptor = project.appending("project.toml")
            try descriptor.write("[_]\nschema-version = \"0.2\"\n[[io.buildpacks.build.env]]\n\(line)\n")
            let end = try await bench.tryBuild(project, as: "x")
            #expect(end.status == 3 && end.errorOutput.contains("project.toml:4:"), "\(end)")
            #expect(!(end.output + end.errorOutput).contains(Self.value), "\(end)")
            try descriptor.write("")
            try bench.mixpack.settings.makeFolder()
            try bench.mixpack.settings.appending("config.toml").write(line + "\n")
            let other = try await bench.tryBuild(project, as: "x")
            #expect(other.status == 3 && other.errorOutput.contains("config.toml:1:"), "\(other)")
            #expect(!(other.output + other.errorOutput).contains(Self.value), "\(other)")
        }
    }

    /// What the program says of a command line that it refuses; the value is in none of it.
    private static func refused(_ words: [String]) async throws -> ProgramEnd {
        try await Workbench.run { bench in
            let end = try await bench.mixpack.run(words)
            #expect(end.status == 3, "\(end)")
            #expect(!end.errorOutput.isEmpty)
            #expect(!(end.output + end.errorOutput).lowercased().contains(value), "\(end)")
            return end
        }
    }
}
