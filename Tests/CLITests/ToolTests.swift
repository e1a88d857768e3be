import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("The user's own programs in a build", .serialized)
struct ToolTests {
    /// A machine with asdf's, mise's or nvm's programs, of which only the installs run in a sandbox.
    private struct Machine {
        let managers: ToolManagers
        var path: [FilePath] = []
        let installs: FilePath

        init(_ bench: Workbench, _ manager: String) throws {
            managers = try ToolManagers(in: bench.folder.appending("machine"))
            installs = managers.folder(of: manager).appending(manager == "nvm" ? "versions" : "installs")
        }

        var environment: [String: String?] {
            LayoutTests.environment(managers, path)
                .merging(["MISE_DATA_DIR": managers.folder(of: "mise").string]) { $1 }
        }

        func add(_ name: String, _ root: FilePath, _ text: String) throws {
            try root.appending("bin/\(name)").write(text, mode: 0o755)
        }
    }

    // MARK: - Named programs

    private static let greeting = """
        {words, 0} = System.cmd("greet", ["mix"])
        IO.puts(words)
        """

    /// A project that needs `greet` to compile, which asdf has, in an install with a file beside it.
    private func greeting(_ bench: Workbench) throws -> (project: FilePath, machine: Machine) {
        let project = try bench.mini { $0.files["lib/greeting.ex"] = Self.greeting }
        var machine = try Machine(bench, "asdf")
        try machine.add(
            "greet", machine.installs.appending("greet/2.0"),
            "#!/bin/sh\ncat \"$(dirname \"$0\")/../words\"\necho \"$1\"\n")
        try machine.installs.appending("greet/2.0/words").write("greetings to")
        machine.path = [try machine.managers.addShims(asdf: [("greet", "greet")])]
        try project.appending(".tool-versions").write("greet 2.0\n")
        return (project, machine)
    }

    @Test(
        "a program that --tool names runs in the sandbox, behind its shim; a version that is missing is said"
    )
    func named() async throws {
        try await Workbench.run { bench in
            let (project, machine) = try greeting(bench)
            let program = "\(machine.installs)/greet/2.0/bin/greet"
            try project.appending(".tool-versions").write("greet 3.0\n")
            let refused = try await bench.tryBuild(project, ["--tool", "greet"], environment: machine.environment)
            #expect(refused.status == 51 && refused.output.contains(":enoent"), "\(refused)")
            #expect(
                refused.output.contains("greet cannot be used in the build: asdf has no greet 3.0")
                    && refused.output.contains("asdf install greet 3.0, or name the program: --tool PATH"), "\(refused)"
            )
            try project.appending(".tool-versions").write("greet 2.0\n")

            let flag = try await bench.tryBuild(project, ["--tool", "greet"], environment: machine.environment)
                .succeeded()
            #expect(flag.output.contains("greetings tomix"), "\(flag)")
            #expect(flag.output.contains("the build may run greet: \(program), by asdf"), "\(flag)")
        }
    }

    @Test("a program that project.toml asks for by name is shown with its place; --tool or config.toml lets it run")
    func asked() async throws {
        try await Workbench.run { bench in
            let (project, machine) = try greeting(bench)
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[mixpack]\ntools = [\n  \"greet\",\n]\n")
            let place = "\(machine.installs)/greet/2.0/bin/greet, by asdf"
            for words in [["build", "image", "--ui", "plain"], ["detect"]] {
                let end = try await bench.mixpack.run(
                    words, environment: machine.environment, workingDirectory: project)
                let told = end.output + end.errorOutput
                #expect(end.status == 3, "\(end)")
                #expect(told.contains("project.toml:5: the project asks for greet, which is \(place)"), "\(end)")
                #expect(told.contains("let the build run it: --tool greet"), "\(end)")
            }
            #expect(!bench.mixpack.images.appending("blobs").isThere)
            let just = machine.managers.home.appending("bin/just")
            try just.write("#!/bin/sh\n", mode: 0o755)
            let file = try project.appending("project.toml").readText()
            try project.appending("project.toml").write(
                file.replacing("\"greet\",", with: "\"greet\", \"just\", \"sh\","))
            var more = machine
            more.path.append(just.removingLastComponent())
            let both = try await bench.mixpack.run(["detect"], environment: more.environment, workingDirectory: project)
            #expect(both.output.contains("asks for programs of yours: greet (\(place)), just (\(just))\n"), "\(both)")
            #expect(both.output.contains("let the build run them: --tool greet --tool just, or"), "\(both)")
            try project.appending("project.toml").write(file)
            let detection = try await bench.mixpack.run(
                ["detect", "--tool", "greet"], environment: machine.environment, workingDirectory: project
            ).succeeded()
            #expect(detection.output.contains("project.toml\n  asks for greet: \(place)\n"), "\(detection)")
            try bench.mixpack.settings.appending("config.toml").write("tools = [\"greet\"]\n")
            let built = try await bench.tryBuild(project, environment: machine.environment).succeeded()
            #expect(built.output.contains("greetings tomix"), "\(built)")
        }
    }

    @Test(
        "project.toml cannot name a path: the line is shown, and what to write instead",
        arguments: ["~/bin/greet", "/usr/local/bin/greet", "bin/greet", "../greet"])
    func path(text: String) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[mixpack]\ntools = [\"git\", \"\(text)\"]\n")
            let end = try await bench.tryBuild(project, ["--tool", "greet"])
            #expect(end.status == 3, "\(end)")
            #expect(end.errorOutput.contains("project.toml:4"), "\(end)")
            #expect(end.errorOutput.contains("\"\(text)\" is not a name"), "\(end)")
            #expect(
                end.errorOutput.contains("write \"greet\" here, and give the path yourself: --tool PATH/greet"),
                "\(end)")
        }
    }

    // MARK: - Programs that projects need

    /// A project with a dependency that rebar3 compiles, and a package of Node that its assets need.
    private func shop(_ bench: Workbench) throws -> FilePath {
        try bench.mini { mini in
            mini.dependencies = "[{:rebdep, path: \"rebdep\"}]"
            mini.projectKeys = ", aliases: [\"assets.deploy\": [&Mini.Deploy.run/1]]"
            mini.preamble = """
                defmodule Mini.Deploy do
                  def run(_) do
                    File.mkdir_p!("priv/static")
                    File.cp!("assets/node_modules/local/index.js", "priv/static/app.js")
                  end
                end
                """
            mini.files["rebdep/rebar.config"] = "{erl_opts, [debug_info]}.\n"
            mini.files["rebdep/src/rebdep.app.src"] =
                "{application, rebdep, [{vsn, \"0.3.0\"}, {registered, []}, {applications, [kernel, stdlib]}]}.\n"
            mini.files["rebdep/src/rebdep.erl"] = "-module(rebdep).\n-export([f/0]).\nf() -> ok.\n"
            mini.files["assets/package.json"] = "{\"dependencies\": {\"local\": \"file:./local\"}}"
            mini.files["assets/local/index.js"] = "from the package"
        }
    }

    /// Installs rebar3, which says whose it is, and a stand-in of npm that only runs by the node beside it.
    private func addPrograms(_ machine: Machine, _ manager: String, rebar: FilePath, node: FilePath) throws {
        try machine.add(
            "rebar3", rebar,
            """
            #!/bin/sh
            echo "rebar3 of \(manager)"
            exec escript "$(dirname "$(readlink -f "$0")")/rebar3.escript" "$@"

            """)
        try findTool("rebar3").copy(to: rebar.appending("bin/rebar3.escript"))
        try machine.add("node", node, "#!/bin/sh\nexec /bin/sh \"$@\"\n")
        try machine.add(
            "npm", node,
            """
            #!/usr/bin/env node
            echo "npm of \(manager): $1"
            mkdir -p node_modules
            cp -r local node_modules/local

            """)
    }

    @Test(
        "a rebar dependency and a package of Node are built by the installs behind the shims of asdf, mise and nvm",
        arguments: ["asdf", "mise", "nvm"])
    func shims(manager: String) async throws {
        try await Workbench.run { bench in
            let project = try shop(bench)
            var machine = try Machine(bench, manager)
            let (managers, installs) = (machine.managers, machine.installs)
            switch manager {
            case "asdf":
                try addPrograms(
                    machine, manager, rebar: installs.appending("rebar/3.24.0"),
                    node: installs.appending("nodejs/22.1.0"))
                machine.path = [
                    try managers.addShims(asdf: [("rebar3", "rebar"), ("node", "nodejs"), ("npm", "nodejs")])
                ]
                try project.appending(".tool-versions").write("rebar 3.24.0\nnodejs 22.1.0\n")
            case "mise":
                try addPrograms(
                    machine, manager, rebar: installs.appending("rebar/3.24.0"),
                    node: installs.appending("node/22.1.0"))
                machine.path = [
                    try managers.addShims(mise: [("rebar3", "rebar"), ("node", "node"), ("npm", "node")])
                ]
                try project.appending("mise.toml").write("[tools]\nrebar = \"3\"\nnode = \"22\"\n")
            default:
                // nvm puts a version's own folder on PATH; rebar3 has another one.
                let rebar = managers.home.appending("opt/rebar3")
                try addPrograms(
                    machine, manager, rebar: rebar, node: installs.appending("node/v22.1.0"))
                machine.path = [installs.appending("node/v22.1.0/bin"), rebar.appending("bin")]
            }
            let end = try await bench.tryBuild(
                project, ["--output", "oci:\(bench.folder.appending("layout")):image"],
                environment: machine.environment
            ).succeeded()
            #expect(end.output.contains("rebar3 of \(manager)"), "\(end)")
            #expect(end.output.contains("npm of \(manager): install"), "\(end)")
            let image = try ImageFacts(layout: bench.folder.appending("layout"), tag: "image")
            let deps = try await image.paths(in: try image.file(of: "deps"))
            #expect(deps.contains { $0.contains("/lib/rebdep-0.3.0/") })
            #expect(try await image.paths().contains { $0.hasSuffix("/priv/static/app.js") })
        }
    }
}
