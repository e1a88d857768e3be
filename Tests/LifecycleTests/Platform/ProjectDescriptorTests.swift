import BuildpackAPI
import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("project.toml")
struct ProjectDescriptorTests {
    private func descriptor(_ text: String, schema: String = "[_]\nschema-version = \"0.2\"\n") throws
        -> ProjectDescriptor?
    {
        try withTemporaryFolder { folder in
            try folder.appending("project.toml").write(schema + text)
            return try ProjectDescriptor(in: folder)
        }
    }

    @Test("Q1: it names buildpacks, files and variables")
    func everything() throws {
        let found = try #require(
            try descriptor(
                """
                version = "2.0"
                source-url = "https://example.org/x"
                [io.buildpacks]
                builder = "some/builder"
                exclude = ["/docs", "*.log", "!keep.log"]
                [[io.buildpacks.group]]
                uri = "/bp/one"
                [[io.buildpacks.group]]
                id = "a/b"
                version = "1.2.3"
                [[io.buildpacks.group]]
                uri = "from=builder"
                [[io.buildpacks.group]]
                uri = "urn:cnb:builder:c@2"
                [[io.buildpacks.pre.group]]
                id = "my/script"
                [io.buildpacks.pre.group.script]
                api = "0.10"
                inline = "echo hi"
                [[io.buildpacks.post.group]]
                uri = "file:///bp/two"
                [[io.buildpacks.build.env]]
                name = "A"
                value = "1"
                [[io.buildpacks.build.env]]
                name = "MY_TOKEN"
                value = "s"
                """))
        #expect(found.builder == "some/builder")
        #expect(
            found.buildpacks == [
                .folder("/bp/one"), .named(BuildpackReference(id: "a/b", version: "1.2.3")), .builder,
                .named(BuildpackReference(id: "c", version: "2")),
            ])
        #expect(found.firstBuildpacks == [.script(InlineScript(id: "my/script", api: "0.10", inline: "echo hi"))])
        #expect(found.lastBuildpacks == [.folder("/bp/two")])
        #expect(found.variables.map(\.name) == ["A", "MY_TOKEN"])
        #expect(found.variables.map(\.isSecret) == [false, true])
        #expect(
            found.sourceMetadata
                == #"{"source":{"metadata":{"url":"https://example.org/x"},"type":"project","version":{"declared":"2.0"}}}"#
        )
    }

    @Test(
        "Q1: schema 0.1 has the same in other tables; without a version it is recognised by them",
        arguments: ["", "[_]\nschema-version = \"0.1\"\n"])
    func firstSchema(head: String) throws {
        let found = try #require(
            try descriptor(
                """
                [project]
                version = "2.0"
                [build]
                exclude = ["*.log"]
                [[build.buildpacks]]
                id = "a/b"
                version = "1.2.3"
                [[build.buildpacks]]
                uri = "/bp/one"
                [[build.env]]
                name = "A"
                value = "1"
                """, schema: head))
        #expect(found.buildpacks == [.named(BuildpackReference(id: "a/b", version: "1.2.3")), .folder("/bp/one")])
        #expect(found.exclusions.map(\.text) == ["*.log"] && found.variables.map(\.name) == ["A"])
        #expect(found.sourceMetadata?.contains(#""declared":"2.0""#) == true)
    }

    @Test(
        "Q1: a group names a buildpack by its id alone, or by a URI of each kind",
        arguments: [
            ("id = \"a/b\"", BuildpackChoice.named(BuildpackReference(id: "a/b"))),
            ("uri = \"urn:cnb:builder:a/b@1\"", .named(BuildpackReference(id: "a/b", version: "1"))),
            ("uri = \"file:///bp/x.tgz\"", .archive("/bp/x.tgz")),
            ("uri = \"https://example.org/x.tgz\"", .archive("https://example.org/x.tgz")),
            ("uri = \"/bp/x.cnb\"", .image(.layoutArchive("/bp/x.cnb"))),
        ])
    func uris(line: String, expected: BuildpackChoice) throws {
        #expect(try descriptor("[[io.buildpacks.group]]\n\(line)\n")?.buildpacks == [expected])
    }

    @Test(
        "Q1: a URI that mixpack cannot use is an error that says what to use",
        arguments: [
            ("urn:cnb:registry:a/b", "docker://REF"), ("http://example.org/x.tgz", "https"),
            ("ftp://x", "https://…tgz"),
        ])
    func wrongURIs(uri: String, advice: String) throws {
        let error = #expect(throws: Failure.self) { try descriptor("[[io.buildpacks.group]]\nuri = \"\(uri)\"\n") }
        #expect(error?.code == .usage && error?.message.contains(advice) == true, "\(String(describing: error))")
    }

    @Test("--descriptor: another file counts in place of the project's; its paths are relative to its own folder")
    func other() throws {
        try withTemporaryFolder { folder in
            let head = "[_]\nschema-version = \"0.2\"\n"
            try folder.appending("app/project.toml").write(head + "[io.buildpacks]\nbuilder = \"own\"\n")
            let other = folder.appending("ci/build.toml")
            try other.write(head + "[[io.buildpacks.group]]\nuri = \"bp\"\n")
            let found = try #require(try ProjectDescriptor(in: folder.appending("app"), at: other))
            #expect(found.builder == nil && found.buildpacks == [.folder(folder.appending("ci/bp"))])
            let missing = #expect(throws: Failure.self) {
                try ProjectDescriptor(in: folder.appending("app"), at: folder.appending("none.toml"))
            }
            #expect(missing?.code == .usage && missing?.message.contains("none.toml") == true)
            try other.write(head + "[mixpack.assets]\ncommands = [\"true\"]\n")
            let assets = #expect(throws: Failure.self) { try ProjectDescriptor(in: folder.appending("app"), at: other) }
            #expect(assets?.message.contains("build.toml:") == true, "\(String(describing: assets))")
        }
    }

    @Test(
        "A project does not choose where mixpack fetches programs from",
        arguments: [
            "MIXPACK_BUILDS_URL", "MIXPACK_TRUST_PROJECT", "HEX_BUILDS_URL", "HEX_MIRROR", "HEX_TRUSTED_MIRROR_URL",
        ])
    func servers(name: String) throws {
        let error = try #require(throws: Failure.self) {
            try descriptor("[[io.buildpacks.build.env]]\nname = \"\(name)\"\nvalue = \"http://127.0.0.1:9\"\n")
        }
        #expect(error.code == .usage)
        #expect(error.message.contains("project.toml:4:8: only you can set \(name)"), "\(error.message)")
    }

    @Test("A project asks for programs by name, each with its line")
    func tools() throws {
        let found = try #require(
            try descriptor("[mixpack]\ntools = [\"protoc\", \"g++\",\n  \"wasm-opt-118\"]\n"))
        #expect(found.tools.map(\.name) == ["protoc", "g++", "wasm-opt-118"])
        #expect(found.tools.map(\.line) == [4, 4, 5])
        #expect(try descriptor("")?.tools.isEmpty == true)
    }

    @Test(
        "A path is not a name, and the error says what to write instead",
        arguments: [
            ("/usr/bin/protoc", "protoc"), ("~/bin/protoc", "protoc"), ("bin/protoc", "protoc"), ("./protoc", "protoc"),
            ("..", "protoc"), ("~", "protoc"), ("", "protoc"), ("a/../b", "b"), ("protoc/", "protoc"),
        ])
    func toolPaths(text: String, name: String) throws {
        let error = try #require(throws: Failure.self) {
            try descriptor("[mixpack]\ntools = [\n  \"ok\",\n  \"\(text)\",\n]\n")
        }
        #expect(error.code == .usage)
        #expect(error.message.contains("project.toml:6:3: tools: \"\(text)\" is not a name"), "\(error.message)")
        #expect(
            error.message.contains("write \"\(name)\" here, and give the path yourself: --tool PATH/\(name)"),
            "\(error.message)")
    }

    @Test("A project says which programs its image has and how an engine checks it; what the user says counts more")
    func runtimeNeeds() throws {
        let found = try #require(
            try descriptor("[mixpack]\nrun-programs = [\"curl\", \"g++\"]\nhealth-check = \"http://:4000/up\"\n"))
        #expect(found.runPrograms == ["curl", "g++"] && found.healthCheck?.text == "http://:4000/up")
        var request = BuildRequest(image: try Reference("app"), project: "/x")
        found.fill(&request)
        #expect(request.runPrograms == ["curl", "g++"] && request.healthCheck == found.healthCheck)
        request.runPrograms = ["jq"]
        request.healthCheck = try HealthCheck("http://:80")
        found.fill(&request)
        #expect(request.runPrograms == ["jq"] && request.healthCheck?.text == "http://:80/")
    }

    @Test("A project labels its image; the user's labels come last")
    func labels() throws {
        let found = try #require(
            try descriptor(
                """
                [mixpack.labels]
                "org.opencontainers.image.vendor" = "Acme"
                team = "web"
                [mixpack.annotations]
                a = "b"
                """))
        var request = BuildRequest(image: try Reference("app"), project: "/x")
        request.labels = [try ImageNote("team=mine")]
        found.fill(&request)
        #expect(request.labels.map(\.text) == ["org.opencontainers.image.vendor=Acme", "team=web", "team=mine"])
        #expect(request.annotations.map(\.text) == ["a=b"])
    }

    @Test(
        "What cannot be a program or a check is refused at its line",
        arguments: [
            ("run-programs = [\"/usr/bin/jq\"]", "\"/usr/bin/jq\" is a path"),
            ("run-programs = [\"~/jq\"]", "is a path"), ("run-programs = [\"..\"]", "is not a program's name"),
            ("run-programs = [\"a,b\"]", "is not a program's name"),
            ("run-programs = [\"\"]", "is not a program's name"),
            ("run-programs = [\"-rf\"]", "is not a program's name"),
            ("health-check = \"https://:4000/\"", "has no TLS"), ("health-check = 4000", ""),
            ("labels = 1", ""), ("labels.a = 1", ""), ("labels.\"io.buildpacks.x\" = \"y\"", "the lifecycle's own"),
        ])
    func wrongRuntimeNeeds(line: String, says: String) throws {
        let error = try #require(throws: Failure.self) { try descriptor("[mixpack]\n\(line)\n") }
        #expect(error.code == .usage)
        #expect(error.message.contains("project.toml:4:") && error.message.contains(says), "\(error.message)")
    }

    @Test("A key that mixpack does not know is refused", arguments: ["tool = [\"a\"]", "tools = \"a\"", "tools = [1]"])
    func wrongTools(line: String) throws {
        let error = try #require(throws: Failure.self) { try descriptor("[mixpack]\n\(line)\n") }
        #expect(error.message.contains("project.toml:4:"), "\(error.message)")
    }

    @Test("Q1: what a request says itself counts more")
    func filling() throws {
        let found = try #require(
            try descriptor(
                """
                [io.buildpacks]
                include = ["lib"]
                [[io.buildpacks.group]]
                uri = "from=builder"
                [[io.buildpacks.build.env]]
                name = "A"
                value = "file"
                [[io.buildpacks.build.env]]
                name = "B"
                value = "file"
                """))
        var request = BuildRequest(image: try Reference("app"), project: "/x")
        request.variables = [PlatformVariable(name: "A", value: "flag")]
        request.buildpacks = [.folder("/mine")]
        found.fill(&request)
        #expect(request.buildpacks == [.folder("/mine")])
        #expect(request.variables.map(\.value) == ["file", "flag"])
        #expect(request.variables.map(\.name) == ["B", "A"])
        #expect(request.selection.inclusions.count == 1)
    }

    @Test(
        "Q1: what is wrong is exit code 3, with the line",
        arguments: [
            ("[io.buildpacks]\ninclude = [\"a\"]\nexclude = [\"b\"]", "project.toml:4:"),
            ("[[io.buildpacks.group]]\nversion = \"1\"\nuri = \"/x\"", "one of version, uri and script, not several"),
            ("[[io.buildpacks.group]]\noptional = true", "a buildpack has no id"),
            ("[[io.buildpacks.group]]\nid = \"a\"\nversion = \"1\"\nuri = \"x\"", "one of version, uri and script"),
            ("[[io.buildpacks.group]]\nversion = \"1\"", "has no id"),
            ("[[io.buildpacks.group]]\nuri = \"ftp://x\"", "use a folder, FILE.cnb, FILE.tgz"),
            ("[[io.buildpacks.group]]\n[io.buildpacks.group.script]\ninline = \"x\"", "a script has no api"),
            ("[[io.buildpacks.build.env]]\nvalue = \"1\"", "a variable has no name"), ("x = ", "project.toml:3:"),
        ])
    func broken(text: String, expected: String) {
        let error = #expect(throws: Failure.self) { try descriptor(text) }
        #expect(error?.code == .usage)
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
    }

    @Test(
        "Q1: a schema that is not known is refused; no file is nothing",
        arguments: ["", "[_]\nschema-version = \"0.3\"\n"])
    func schema(text: String) throws {
        let error = #expect(throws: Failure.self) { try descriptor("", schema: text + "# x\n") }
        #expect(error?.message.contains("schema-version") == true, "\(error?.message ?? "")")
        let none = try withTemporaryFolder { folder in try ProjectDescriptor(in: folder) }
        #expect(none == nil)
    }

    @Test(
        "Q1: exclude has the patterns of .gitignore",
        arguments: [
            (["*.log"], "a/b.log", false, false), (["*.log", "!keep.log"], "a/keep.log", false, true),
            (["/docs"], "docs", true, false), (["/docs"], "a/docs", true, true), (["docs/"], "docs", false, true),
            (["docs/"], "a/docs", true, false), (["a/**/z"], "a/b/c/z", false, false),
            (["a/**/z"], "a/z", false, false),
            (["**/x"], "x", false, false), (["a/*"], "a/b", true, false), (["a/*"], "b/a/c", false, true),
            (["[a-c]?"], "bx", false, false), (["\\!x"], "!x", false, false), (["# x", ""], "# x", false, true),
            (["x "], "x", false, false), (["a/**"], "a", true, true),
            ([], "doc", true, false), ([], "apps/web/tmp", true, false), ([], "lib/doc", true, true),
            ([], "doc", false, true),
            ([], "lib/.vscode", true, false), (["!doc"], "doc", true, true), (["!/.vscode/"], ".vscode", true, true),
            (["!deps"], "deps", true, false),
        ])
    func exclusion(patterns: [String], path: String, isFolder: Bool, isIncluded: Bool) {
        let selection = SourceSelection(exclusions: patterns.compactMap(IgnorePattern.init))
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        #expect(selection.includes(name: name, path: path, isFolder: isFolder) == isIncluded)
    }

    @Test(
        "Q1: include takes what matches, with everything below, and looks into every folder",
        arguments: [
            (["lib"], "lib/a/b.ex", false, true), (["lib"], "mix.exs", false, false), (["lib"], "apps", true, true),
            (["*.ex", "!secret.ex"], "a/secret.ex", false, false), (["*.ex"], "a/b.ex", false, true),
            (["/lib/*.ex"], "lib/a.ex", false, true), (["/lib/*.ex"], "lib/sub/a.ex", false, false),
            (["*"], ".git", true, false), (["doc"], "doc/a.md", false, true), (["doc"], "doc", true, true),
            (["lib"], "doc", true, false), (["/doc/*.md"], "doc", true, true), (["/doc/*.md"], "doc/a.md", false, true),
        ])
    func inclusion(patterns: [String], path: String, isFolder: Bool, isIncluded: Bool) {
        let selection = SourceSelection(inclusions: patterns.compactMap(IgnorePattern.init))
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        #expect(selection.includes(name: name, path: path, isFolder: isFolder) == isIncluded)
    }

    @Test("Q2: a script is a buildpack whose build runs it under its shell")
    func script() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([]) { request in
                request.buildpacks = [
                    .script(
                        InlineScript(id: "a/s", api: "0.10", inline: "echo \"$0 $A\" > out", shell: "/bin/bash -eu"))
                ]
                request.variables = [PlatformVariable(name: "A", value: "1")]
                request.selection.exclusions = ["mix.exs"].compactMap(IgnorePattern.init)
            }
            #expect(events.report != nil, "\(events.text)")
            #expect(try bench.cache.workspace.names() == ["out"])
            #expect(
                try bench.cache.workspace.appending("out").readText() == "/cnb/buildpacks/a_s/0.0.0/bin/build 1\n")
        }
    }
}
