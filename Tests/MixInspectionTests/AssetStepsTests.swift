import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("What makes the assets without an alias assets.deploy")
struct AssetStepsTests {
    /// The steps of a small project, from a look that runs nothing.
    private func look(
        dependencies: String = "[{:phoenix, \"~> 1.7\"}]", keys: String = "", _ files: [String: String]
    ) throws -> MixProject {
        try withTemporaryFolder { folder in
            var mini = MiniProject()
            mini.dependencies = dependencies
            mini.projectKeys = keys
            mini.files = files
            try mini.write(to: folder)
            return try MixInspector.staticLook(folder)
        }
    }

    private func package(_ scripts: String) -> String { "{\"scripts\": {\(scripts)}}" }

    @Test(
        "a package.json with a script to build is run by the manager of its lock file, and then comes the digest",
        arguments: [
            ("package-lock.json", "npm"), ("yarn.lock", "yarn"), ("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun"),
            ("bun.lockb", "bun"), ("other.json", "npm"),
        ])
    func managers(lock: String, manager: String) throws {
        let project = try look([
            "assets/package.json": package("\"build\": \"vite build\", \"deploy\": \"webpack\", \"watch\": \"x\""),
            "assets/\(lock)": "",
        ])
        #expect(project.assetSteps.map(\.text) == ["\(manager) run deploy in assets", "mix phx.digest"])
        #expect(project.assetSteps.first?.reason.hasPrefix("assets/package.json has the script deploy") == true)
        #expect(project.assetSteps.first?.reason.contains("\(lock) is \(manager)'s") == (lock != "other.json"))
        #expect(project.makesAssets && project.assetsDeploy.isEmpty)
        #expect(
            project.assetLines.last == "mix phx.digest (a Phoenix project without the alias assets.deploy)")
    }

    @Test("assets/package.json goes before that of the root, which counts only for applications that serve pages")
    func places() throws {
        let build = package("\"build\": \"vite build\"")
        let both = try look(["assets/package.json": build, "package.json": build])
        #expect(both.assetSteps.map(\.text) == ["npm run build in assets", "mix phx.digest"])
        let idle = try look(["assets/package.json": package("\"test\": \"x\", \"build\": \"\""), "package.json": build])
        #expect(idle.assetSteps.map(\.text) == ["npm run build", "mix phx.digest"])
        let plug = try look(dependencies: "[{:plug, \"~> 1.0\"}]", ["package.json": build])
        #expect(plug.assetSteps.map(\.text) == ["npm run build"])
        let library = try look(dependencies: "[]", ["package.json": build])
        #expect(library.assetSteps == [] && !library.makesAssets)
        #expect(try look(["assets/package.json": "{ broken"]).assetSteps == [])
    }

    @Test("without a script for everything, those that make a part each are run, in the order of the file")
    func parts() throws {
        let scripts = """
            "build:js": "node build.js", "deploy:js": "node build.js", "deploy:js:watch": "x", "deploy:css": "postcss",
            "deploy:watch": "x", "deploy:static": "cpx"
            """
        let project = try look(["assets/package.json": package(scripts), "assets/yarn.lock": ""])
        #expect(
            project.assetSteps.map(\.text) == [
                "yarn run deploy:js in assets", "yarn run deploy:css in assets", "yarn run deploy:static in assets",
                "mix phx.digest",
            ])
        let built = try look(["assets/package.json": package("\"build:css\": \"x\", \"build:dev\": \"x\"")])
        #expect(built.assetSteps.map(\.text) == ["npm run build:css in assets", "mix phx.digest"])
    }

    @Test("an alias assets.deploy, and one that may be there, leave everything as it is")
    func alias() throws {
        let files = ["assets/package.json": package("\"deploy\": \"webpack\"")]
        let aliased = try look(keys: ", aliases: [\"assets.deploy\": [\"phx.digest\"]]", files)
        #expect(aliased.assetSteps == [] && aliased.assetsDeploy == ["."])
        #expect(try look(keys: ", aliases: computed()", files).assetSteps == [])
        #expect(try look(keys: ", aliases: [setup: [\"deps.get\"]]", files).assetSteps.count == 2)
    }

    @Test("in an umbrella each child without the alias has its own steps")
    func umbrella() throws {
        try withTemporaryFolder { folder in
            try folder.appending("mix.exs").write(
                """
                defmodule U.MixProject do
                  use Mix.Project
                  def project, do: [apps_path: "apps", version: "0.1.0", releases: [u: [applications: [b: :permanent]]]]
                end
                """)
            for (name, keys) in [("a", ", aliases: [\"assets.deploy\": [\"phx.digest\"]]"), ("b", ""), ("c", "")] {
                var child = MiniProject()
                child.app = name
                child.projectKeys = keys
                child.dependencies = name == "c" ? "[]" : "[{:phoenix, \"~> 1.7\"}]"
                child.files = ["assets/package.json": package("\"deploy\": \"x\"")]
                try child.write(to: folder.appending("apps/\(name)"))
            }
            try folder.appending("package.json").write(package("\"build\": \"x\""))
            let project = try MixInspector.staticLook(folder)
            #expect(project.assetsDeploy == ["apps/a"])
            #expect(
                project.assetSteps.map(\.text) == [
                    "npm run deploy in apps/b/assets", "mix phx.digest in apps/b", "npm run deploy in apps/c/assets",
                ])
        }
    }

    @Test("phx.digest runs without scripts where the configuration names a manifest that the project lacks")
    func manifest() throws {
        let configuration = [
            "config/prod.exs":
                "import Config\nconfig :mini, Mini.Endpoint, cache_static_manifest: \"priv/static/cache_manifest.json\"\n",
            "priv/static/app.css": "a {}",
        ]
        let project = try look(configuration)
        #expect(
            project.assetLines == ["mix phx.digest (config/prod.exs:2 names priv/static/cache_manifest.json)"])
        let digested = configuration.merging(["priv/static/cache_manifest.json": "{}"]) { $1 }
        #expect(try look(digested).assetSteps == [])
        #expect(try look(dependencies: "[]", configuration).assetSteps == [])
    }

    // MARK: - project.toml

    private func lines(_ table: String, keys: String = "") throws -> MixProject {
        try look(
            keys: keys,
            [
                "project.toml": "[_]\nschema-version = \"0.2\"\n\n\(table)\n",
                "assets/package.json": package("\"deploy\": \"webpack\""),
            ])
    }

    @Test("the commands of project.toml take the place of everything else, an empty list too")
    func commands() throws {
        let table = "[mixpack.assets]\ncommands = [\n  \"make -C web\",\n  \"mix phx.digest\",\n]"
        for keys in ["", ", aliases: [\"assets.deploy\": [\"phx.digest\"]]"] {
            let project = try lines(table, keys: keys)
            #expect(project.assetsDeploy == [])
            #expect(
                project.assetLines == [
                    "make -C web (project.toml:6 says so)", "mix phx.digest (project.toml:7 says so)",
                ])
        }
        #expect(try !lines("[mixpack.assets]\ncommands = []").makesAssets)
        #expect(try lines("[mixpack]\ntools = [\"protoc\"]").assetSteps.count == 2)
    }

    @Test(
        "an error in [mixpack.assets] has its line and column",
        arguments: [
            ("commands = [\n  \"mix phx.digest\",\n  \"  \",\n]", 7, 3, "is not a command"),
            ("commands = \"mix phx.digest\"", 5, 12, "expected an array of strings"),
            ("commands = [1]", 5, 13, "expected an array of strings"),
            ("command = []", 5, 1, "did you mean commands?"), ("", 4, 10, "has no commands"),
        ])
    func errors(text: String, line: Int, column: Int, message: String) throws {
        let error = try #require(throws: Failure.self) { try lines("[mixpack.assets]\n\(text)") }
        #expect(error.code == .usage)
        #expect(error.place == Place("project.toml", line: line, column: column))
        #expect(error.message.contains(message), "\(error)")
    }
}
