import SystemPackage
import TestSupport
import Testing

/// What project.toml says of a build, by the whole program.
@Suite(.serialized) struct ProjectFileTests {
    private static let head = "[_]\nschema-version = \"0.2\"\nversion = \"7.1\"\n"

    /// A script in the place of a buildpack, that sets a label.
    private func script(_ place: String, sets label: String) -> String {
        """

        [[io.buildpacks.\(place)]]
        id = "test/\(label)"
        [io.buildpacks.\(place).script]
        api = "0.10"
        inline = '''printf '[[labels]]\\nkey = "\(label)"\\nvalue = "%s"\\n' "$(ls | tr '\\n' ' ')" > "$1/launch.toml" '''

        """
    }

    @Test("Q1: project.toml leaves files out, gives variables, and puts scripts before and after; flags count more")
    func whole() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["lib/mini/extra.ex"] = "defmodule Mini.Extra do\nend\n"
                mini.files["config/config.exs"] =
                    "import Config\nconfig :mini, a: System.get_env(\"A\"), b: System.get_env(\"B\")\n"
            }
            try project.appending("project.toml").write(
                Self.head + "[io.buildpacks]\nexclude = [\"extra.ex\", \"/project.toml\"]\n"
                    + script("pre.group", sets: "first") + script("post.group", sets: "last")
                    + "[[io.buildpacks.build.env]]\nname = \"A\"\nvalue = \"file-a\"\n"
                    + "[[io.buildpacks.build.env]]\nname = \"B\"\nvalue = \"file-b\"\n")
            let image = try await bench.build(project, ["-e", "B=flag-b"])
            #expect(image.labels["first"]?.string == "config lib mix.exs ")
            #expect(image.labels["last"]?.string == "config lib mix.exs ")
            #expect(image.labels["io.buildpacks.project.metadata"]?.string?.contains("7.1") == true)
            let names = try await image.paths()
            #expect(!names.contains { $0.hasSuffix("Elixir.Mini.Extra.beam") })
            #expect(names.contains { $0.hasSuffix("Elixir.Mini.beam") })
            let settings = try await run(
                "/bin/sh",
                ["-c", "tar -xOf '\(try image.file(of: "release"))' | grep -a -c -E 'file-a|102,105,108,101,45,97'"])
            #expect(settings.status == 0, "the file's variable is compiled in")
            let overruled = try await run(
                "/bin/sh",
                ["-c", "tar -xOf '\(try image.file(of: "release"))' | grep -a -c -E 'file-b|102,105,108,101,45,98'"])
            #expect(overruled.status == 1, "the flag's value counts, not the file's")
        }
    }

    @Test("Q1: mixpack detect tells what project.toml says, without the values of variables")
    func detect() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { $0.projectKeys = ", releases: [a: [], b: []]" }
            try project.appending("bp/buildpack.toml").write(
                "api = \"0.10\"\n[buildpack]\nid = \"mine\"\nversion = \"2.0.0\"\n")
            for name in ["detect", "build"] {
                try project.appending("bp/bin/\(name)").write("#!/bin/sh\n", mode: 0o755)
            }
            try project.appending("project.toml").write(
                Self.head
                    + "[io.buildpacks]\nbuilder = \"host\"\ninclude = [\"lib/\", \"mix.exs\"]\n"
                    + "[[io.buildpacks.group]]\nuri = \"bp\"\n[[io.buildpacks.group]]\nuri = \"from=builder\"\n"
                    + "[[io.buildpacks.build.env]]\nname = \"RELEASE\"\nvalue = \"b\"\n"
                    + "[[io.buildpacks.build.env]]\nname = \"API_TOKEN\"\nvalue = \"do-not-tell\"\n")
            let text = try await bench.mixpack.run(["detect", "--path", project.string]).succeeded()
            #expect(text.output.contains("\n* b "))
            let order = text.lines.drop { $0 != "Buildpacks, in order" }.dropFirst().prefix(2).map { $0.prefix(45) }
            #expect(order.first?.hasPrefix("  1. mine 2.0.0 ") == true, "\(text)")
            #expect(order.last?.hasPrefix("  2. io.github.carlo-colombo.erlang-runtime") == true, "\(text)")
            #expect(text.output.contains("project.toml\n  uses the builder host\n  takes only lib/, mix.exs\n"))
            #expect(text.output.contains("  gives RELEASE, API_TOKEN"))
            #expect(!text.output.contains("do-not-tell"))
            let json = try JSONValue(
                parsing: try await bench.mixpack.run(["detect", "--json", "--path", project.string]).output)
            #expect(json["projectFile"]?["variables"]?.array?.count == 2)
            let given = try await bench.mixpack.run(["detect", "--path", project.string, "-e", "RELEASE=a"]).succeeded()
            #expect(given.output.contains("\n* a "), "a flag counts more: \(given)")
            let other = bench.folder.appending("other.toml")
            try other.write(Self.head + "[[io.buildpacks.build.env]]\nname = \"RELEASE\"\nvalue = \"a\"\n")
            let read = try await bench.mixpack.run(["detect", "--path", project.string, "-d", other.string]).succeeded()
            #expect(read.output.contains("\n* a ") && !read.output.contains("API_TOKEN"), "\(read)")
        }
    }

    @Test(
        "Q1: a project.toml that is wrong ends with exit code 3 and names the line, in build and in detect",
        arguments: [
            ("[_]\nschema-version = \"9\"\n", "project.toml:2"), ("[_\n", "project.toml:1"),
            (head + "[io.buildpacks]\ninclude = []\nexclude = []\n", "include and exclude"),
            (head + "[[io.buildpacks.group]]\nversion = \"1\"\nuri = \"x\"\n", "not several"),
        ])
    func wrong(text: String, expected: String) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("project.toml").write(text)
            let end = try await bench.tryBuild(project)
            #expect(end.status == 3, "\(end)")
            #expect(end.errorOutput.contains(expected), "\(end)")
            #expect(!bench.mixpack.images.appending("blobs").isThere)
            let detection = try await bench.mixpack.run(["detect", "--path", project.string])
            #expect(detection.status == 3, "\(detection)")
            #expect(detection.output.contains(expected), "\(detection)")
        }
    }

    @Test(
        "Q1: a builder that a project cannot choose stops a build with exit code 3, and so does detect, which says that it is named"
    )
    func wrongBuilder() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("project.toml").write(
                Self.head + "[io.buildpacks]\nbuilder = \"oci:/other\"\n")
            let end = try await bench.tryBuild(project)
            #expect(end.status == 3, "\(end)")
            #expect(
                end.errorOutput.contains("project.toml: builder oci:/other is a file of this machine"), "\(end)")
            #expect(!bench.mixpack.images.appending("blobs").isThere)
            let detection = try await bench.mixpack.run(["detect", "--path", project.string])
            #expect(detection.status == 3, "\(detection)")
            for text in ["project.toml\n  uses the builder oci:/other", "is a file of this machine"] {
                #expect(detection.output.contains(text), "\(detection)")
            }
        }
    }
}
