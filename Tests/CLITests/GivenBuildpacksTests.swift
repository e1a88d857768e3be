import SystemPackage
import TestSupport
import Testing

/// Buildpacks in folders and images, given on the command line, by the whole program.
@Suite(.serialized) struct GivenBuildpacksTests {
    /// Writes a buildpack of bash scripts.
    private func write(
        _ name: String, in bench: Workbench, id: String? = nil, api: String = "0.12", detect: String = "",
        build: String = ""
    ) throws -> FilePath {
        let folder = bench.folder.appending(name)
        try folder.appending("buildpack.toml").write(
            "api = \"\(api)\"\n[buildpack]\nid = \"\(id ?? "test/\(name)")\"\nversion = \"1.0.0\"\n")
        try folder.appending("bin/detect").write("#!/bin/bash -eu\n\(detect)\n", mode: 0o755)
        try folder.appending("bin/build").write("#!/bin/bash -eu\n\(build)\n", mode: 0o755)
        return folder
    }

    private func project(_ bench: Workbench) throws -> FilePath {
        let project = bench.folder.appending("project")
        try project.appending("data").write("x")
        return project
    }

    @Test(
        "the same id given twice: the later one wins, said in a line; DEBUG reaches detect and build; volumes are seen")
    func together() async throws {
        try await Workbench.run { bench in
            let first = try write("first", in: bench, id: "test/same", build: "echo FIRST")
            let second = try write(
                "second", in: bench, id: "test/same", detect: "echo \"detect sees DEBUG=$DEBUG\"",
                build: """
                    echo "SECOND sees DEBUG=$DEBUG"
                    cat /given/read/file
                    if echo x 2>/dev/null > /given/read/other; then echo WRITTEN; fi
                    cp /given/read/file /given/write/copy
                    """)
            try bench.folder.appending("read/file").write("of-the-volume\n")
            try bench.folder.appending("write").makeFolder()
            let end = try await bench.tryBuild(
                try project(bench), as: "x",
                [
                    "-b", first.string, "-b", second.string, "-e", "DEBUG=1", "--volume",
                    "\(bench.folder)/read:/given/read:ro", "--volume", "\(bench.folder)/write:/given/write",
                ]
            ).succeeded()
            for line in [
                "test/same@1.0.0 is given twice: using \(second), not \(first)", "detect sees DEBUG=1",
                "SECOND sees DEBUG=1", "of-the-volume",
            ] { #expect(end.output.contains(line), "\(line) in \(end)") }
            #expect(!end.output.contains("FIRST") && !end.output.contains("WRITTEN"))
            #expect(try bench.folder.appending("write/copy").readText() == "of-the-volume\n")
            #expect(!bench.folder.appending("read/other").isThere)
        }
    }

    @Test("detect lists the given buildpacks in order, says what is wrong with one, and needs no mix project for them")
    func detects() async throws {
        try await Workbench.run { bench in
            let first = try write("first", in: bench)
            let second = try write("second", in: bench)
            let project = try project(bench)
            func detect(_ arguments: String...) async throws -> ProgramEnd {
                try await bench.mixpack.run(
                    ["detect", "--path", project.string] + arguments, workingDirectory: bench.folder)
            }
            let foreign = try await detect("-b", second.string, "-b", first.string).succeeded()
            #expect(foreign.lines.contains("  1. test/second 1.0.0  in \(second)"), "\(foreign)")
            #expect(foreign.lines.contains("  2. test/first 1.0.0   in \(first)"), "\(foreign)")
            #expect(foreign.lines.contains("2 buildpacks take part"), "\(foreign)")
            let mixed = try await detect("-b", "first", "-b", "from=builder", "--json")
            #expect(mixed.status == 20, "\(mixed)")
            let order = try JSONValue(parsing: mixed.output)["order"]?.array ?? []
            #expect(order.compactMap { $0["id"]?.string }.first == "test/first")
            #expect(order.count == 4)
            let wrong = try await detect("-b", "./nowhere")
            #expect(wrong.status == 22, "\(wrong)")
            #expect(wrong.output.contains("nowhere"), "\(wrong)")
        }
    }

    @Test("detect runs bin/detect: the plan with --plan, a build's exit codes, and what a build refuses is refused")
    func detectRuns() async throws {
        try await Workbench.run { bench in
            let plan = "[[provides]]\nname = \"a\"\n[[requires]]\nname = \"a\"\n[requires.metadata]\nversion = \"7\"\n"
            let plans = try write("plans", in: bench, detect: "printf '%s' '\(plan)' > $2")
            let fails = try write("fails", in: bench, detect: "echo it does not fit; exit 100")
            let breaks = try write("breaks", in: bench, detect: "echo BROKEN; exit 7")
            let project = try project(bench)
            func detect(_ arguments: String...) async throws -> ProgramEnd {
                try await bench.mixpack.run(["detect", "--path", project.string] + arguments)
            }
            let passed = try await detect("-b", plans.string, "--plan").succeeded()
            #expect(passed.lines.contains("1 buildpack takes part"), "\(passed)")
            #expect(passed.lines.contains("  a, provided by test/plans"), "\(passed)")
            #expect(passed.lines.contains("    required with {\"version\":\"7\"}"), "\(passed)")
            let failed = try await detect("-b", fails.string)
            #expect(failed.status == 20 && failed.output.contains("it does not fit"), "\(failed)")
            let broken = try await detect("-b", breaks.string)
            #expect(broken.status == 21 && broken.errorOutput.contains("BROKEN"), "\(broken)")
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nbuilder = \"oci:builder\"\n")
            let refused = try await detect("-b", plans.string)
            #expect(
                refused.status == 3 && refused.output.contains("builder oci:builder is a file of this machine"),
                "\(refused)")
            #expect(try project.tree() == ["data", "project.toml"])
        }
    }

    @Test(
        "what is wrong with a given buildpack or volume ends with the lifecycle's exit code, and no image",
        arguments: [
            (["-b", "./nowhere"], 3, "nowhere"), (["-b", "oci:nowhere"], 3, "nowhere"),
            (["-b", "nowhere.cnb"], 3, "nowhere"), (["--volume", "relative"], 3, "HOST:PATH"),
            (["--run-image", "localhost:1/run"], 32, "asking its registry for localhost:1/run:latest"),
            (["-b", "no.such.id"], 22, "no.such.id"), (["-b", "api"], 12, "0.99"), (["-b", "circle"], 22, "circle"),
            (["-b", "toml"], 22, "buildpack.toml:1"), (["-b", "fails"], 20, "does not fit"),
            (["-b", "breaks"], 21, "status 7"), (["-b", "stops"], 51, "status 9"),
            (["-b", "leaves"], 52, "is a file"), (["-b", "dots"], 22, "cannot be called"),
        ] as [([String], Int32, String)])
    func wrong(arguments: [String], code: Int32, word: String) async throws {
        try await Workbench.run { bench in
            _ = try write("api", in: bench, api: "0.99")
            let circle = try write("circle", in: bench, id: "circle")
            try circle.appending("buildpack.toml").write(
                "api = \"0.10\"\n[buildpack]\nid = \"circle\"\nversion = \"1\"\n[[order]]\n[[order.group]]\nid = \"circle\"\n"
            )
            try write("toml", in: bench).appending("buildpack.toml").write("[")
            _ = try write("fails", in: bench, detect: "echo it does not fit; exit 100")
            _ = try write("breaks", in: bench, detect: "exit 7")
            _ = try write("stops", in: bench, build: "exit 9")
            _ = try write(
                "leaves", in: bench, build: "touch $1/l; printf '[types]\\nlaunch = true\\n' > $1/l.toml")
            _ = try write("dots", in: bench, id: "..")
            let project = try project(bench)
            let end = try await bench.mixpack.run(
                ["build", "x", "--path", project.string] + arguments, workingDirectory: bench.folder)
            #expect(end.status == code, "\(end)")
            #expect((end.output + end.errorOutput).contains(word), "\(end)")
            #expect(try project.tree() == ["data"])
            let images = try? bench.mixpack.images.tree()
            #expect(images?.contains { $0.contains("/x/") || $0.hasPrefix("x") } != true, "\(images ?? [])")
        }
    }

    @Test("a buildpack comes from a registry, by its name alone")
    func registry() async throws {
        try await Workbench.run { bench in
            try await RegistryProcess.run(in: bench.folder) { host in
                let name = "\(host)/team/elixir:1"
                _ = try await bench.mixpack.run(
                    ["buildpack", "package", "docker://\(name)", "--insecure-registry", host]
                ).succeeded()
                let end = try await bench.tryBuild(
                    try bench.sample(.hello), as: "x", ["-b", name, "--insecure-registry", host])
                #expect(end.status == 0, "\(end)")
                #expect(end.output.contains("using the given one, not the built-in one"))
            }
        }
    }

    @Test("in the image that was built, by runc: variables of layers, exec.d, profile.d and processes as the rules say")
    func launch() async throws {
        try await Workbench.run { bench in
            let old = try write(
                "old", in: bench, api: "0.8",
                build: #"""
                    mkdir -p $1/l/{env,env.launch/shell,exec.d,profile.d,bin}
                    printf 'one' > $1/l/env/A.override
                    printf 'two' > $1/l/env.launch/A.append
                    printf '+' > $1/l/env.launch/A.delim
                    printf 'of-the-type' > $1/l/env.launch/shell/B.override
                    printf '#!/bin/sh\necho "C = \\"exec-d\\"" >&3\n' > $1/l/exec.d/helper
                    printf 'export D="profile-$C"\n' > $1/l/profile.d/d.sh
                    printf '#!/bin/sh\necho tool "$@"\n' > $1/l/bin/tool
                    chmod +x $1/l/exec.d/helper $1/l/bin/tool
                    printf '[types]\nlaunch = true\n' > $1/l.toml
                    cat > $1/launch.toml <<'END'
                    [[processes]]
                    type = "shell"
                    command = "echo \"$A $B $C $D\"; tool from-path"
                    default = true
                    END
                    """#)
            let new = try write(
                "new", in: bench,
                build: #"""
                    cat > $1/launch.toml <<'END'
                    [[processes]]
                    type = "direct"
                    command = ["tool", "always"]
                    args = ["replaced"]
                    END
                    """#)
            let image = try await bench.build(try project(bench), as: "x", ["-b", old.string, "-b", new.string])
            #expect(
                try await output(of: image, in: bench, [])
                    == "one+two of-the-type exec-d profile-exec-d\ntool from-path\n")
            #expect(try await output(of: image, in: bench, ["/cnb/process/direct"]) == "tool always replaced\n")
            #expect(try await output(of: image, in: bench, ["/cnb/process/direct", "mine"]) == "tool always mine\n")
            #expect(
                try await output(of: image, in: bench, ["/cnb/lifecycle/launcher", "--", "tool", "$A"]) == "tool $A\n")
            #expect(
                try await output(of: image, in: bench, ["/cnb/lifecycle/launcher", "echo $A; pwd"])
                    == "one+two\n/workspace\n")
        }
    }

    /// What an image prints, started with its own command or another.
    private func output(of image: ImageFacts, in bench: Workbench, _ command: [String]) async throws -> String {
        let place = bench.folder.appending("bundle-\(command.count)-\(command.joined().utf8.count)")
        let bundle = try await ImageBundle(layout: image.layout, tag: image.tag, unpackedTo: place)
        let container = try bundle.start(
            name: "given-\(command.joined().utf8.count)-\(image.digest.suffix(10))", command: command)
        let end = try await container.program.end(within: .seconds(60))
        await container.remove()
        return end.output
    }
}
