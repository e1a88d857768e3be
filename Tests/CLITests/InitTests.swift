import SystemPackage
import TestSupport
import Testing

/// `mixpack init`.
@Suite(.serialized) struct InitTests {
    @Test("It writes what was detected and chosen, with comments, and never a secret")
    func writes() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let end = try await bench.mixpack.run([
                "init", "--path", project.string, "--release", "web_rel", "-e", "FLAVOUR=\"sweet\"",
            ]).succeeded()
            #expect(end.output.contains("wrote \(project.appending("project.toml"))"))
            let text = try project.appending("project.toml").readText()
            #expect(text.contains("schema-version = \"0.2\""))
            #expect(text.contains("[[io.buildpacks.build.env]]\nname = \"RELEASE\"\nvalue = \"web_rel\"\n"))
            #expect(text.contains("name = \"FLAVOUR\"\nvalue = \"\\\"sweet\\\"\"\n"))
            #expect(text.contains("#   SECRET_KEY_BASE"))
            #expect(text.contains("required"))
            let secret = try await bench.mixpack.run([
                "init", "--path", project.string, "--yes", "-e", "A_TOKEN=hunter2",
            ])
            #expect(secret.status == 3)
            #expect(!secret.description.contains("hunter2"))
            #expect(try project.appending("project.toml").readText() == text)
        }
    }

    @Test("A project.toml that is there stays, unless --yes says otherwise")
    func keeps() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("project.toml").write("# mine\n")
            let refused = try await bench.mixpack.run(["init", "--path", project.string])
            #expect(refused.status == 3)
            #expect(refused.errorOutput.contains("--yes"))
            #expect(try project.appending("project.toml").readText() == "# mine\n")
            _ = try await bench.mixpack.run(["init", "--path", project.string, "--yes"]).succeeded()
            #expect(try project.appending("project.toml").readText().contains("name = \"mini\""))
            let none = try await bench.mixpack.run(["init", "--path", bench.folder.appending("home").string])
            #expect(none.status == 20)
        }
    }
}
