import BuildpackAPI
import Diagnostics
import Files
import OCIImage
import SystemPackage
import TOMLCoding
import TestSupport
import Testing

@testable import Lifecycle

/// What platforms start the lifecycle's programs with, and the files between them.
@Suite struct PlatformCallTests {
    private func api(_ text: String = "0.12") throws -> PlatformAPI { try PlatformAPI(["CNB_PLATFORM_API": text]) }

    private func call(
        _ words: String..., api text: String = "0.12", environment: [String: String] = [:]
    ) throws -> CreatorCall {
        let user = ["CNB_USER_ID": "1001", "CNB_GROUP_ID": "1002"]
        return try CreatorCall(words, api: api(text), environment: user.merging(environment) { $1 })
    }

    @Test("A3: the Platform API is one of 0.9 to 0.15", arguments: [nil, "", " ", "0.8", "0.16", "1.0", "0.x", "x"])
    func unknownAPI(text: String?) {
        #expect(throws: Failure.self) { try PlatformAPI(text.map { ["CNB_PLATFORM_API": $0] } ?? [:]) }
    }

    @Test("APIs are compared as numbers")
    func knownAPI() throws {
        let (old, new) = (try api("0.9"), try api("0.10"))
        #expect(old < new)
        #expect(try api("v0.15") == PlatformAPI.newest)
        #expect(try api("0.12").description == "0.12")
    }

    @Test(
        "flags are Go's",
        arguments: [
            ["-app=/a", "image"], ["-app", "/a", "image"], ["--app=/a", "image"], ["--app", "/a", "--", "image"],
            ["-app=/b", "-app=/a", "image"], ["-daemon=false", "-app=/a", "image"],
        ])
    func syntax(words: [String]) throws {
        let call = try CreatorCall(
            words, api: api(), environment: ["CNB_USER_ID": "1", "CNB_GROUP_ID": "2", "CNB_APP_DIR": "/variable"])
        #expect(call.application == "/a" && call.images.map(\.repository) == ["image"] && !call.usesDaemon)
    }

    @Test("a boolean takes no word behind it, and the first image ends the flags")
    func boolean() throws {
        let call = try call("-skip-restore", "true", "false", api: "0.15")
        #expect(call.skipsRestore && call.images.map(\.repository) == ["true", "false"])
        #expect(throws: Failure.self) { try self.call("image", "-daemon") }
        #expect(throws: Failure.self) { try self.call("-skip-restore=maybe", "image") }
    }

    @Test("what is empty is as if nothing were given; a flag counts more than its variable, that more than the default")
    func precedence() throws {
        let empty = try call(
            "-cache-image=", "-run-image=", "-tag=", "-tag=more", "-app=", "image", "",
            environment: ["CNB_APP_DIR": "/variable", "CNB_LAYERS_DIR": "", "CNB_CACHE_DIR": "/cache"])
        #expect(empty.cacheImage == nil && empty.runImage == nil)
        #expect(empty.images.map(\.repository) == ["image", "more"])
        #expect(empty.application == "/variable" && empty.layers == "/layers" && empty.cacheDirectory == "/cache")
        #expect((empty.owner.user, empty.owner.group) == (1001, 1002))
        #expect(empty.report == "/layers/report.toml")
        let given = try call("-layers=/l", "-uid=7", "-gid=8", "image")
        #expect(given.report == "/l/report.toml" && given.projectMetadata == "/l/project-metadata.toml")
        #expect((given.owner.user, given.owner.group) == (7, 8))
    }

    @Test(
        "E9: a flag of a newer API, of another program or of none, and a second registry, are errors of usage",
        arguments: [
            ("0.11", "-run=/x"), ("0.12", "-insecure-registry=x"), ("0.14", "-system=/x"), ("0.10", "-build-config=/x"),
            ("0.15", "-force"), ("0.15", "-nonsense"), ("0.15", "---app=/x"), ("0.15", "-uid=x"), ("0.15", "-layout"),
            ("0.15", "-log-level=loud"), ("0.15", "-tag=other.example/x"), ("0.15", "-tag=UPPER"),
        ])
    func unknownFlag(text: String, word: String) throws {
        let failure = #expect(throws: Failure.self) { try call(word, "image", api: text) }
        #expect(failure?.code == .usage)
    }

    @Test("which file names run images depends on the API")
    func runImageFile() throws {
        #expect(try call("image", api: "0.11").runImages == "/cnb/stack.toml")
        #expect(try call("-run=/layers/run.toml", "image").runImages == "/layers/run.toml")
        #expect(try call("image", api: "0.14").system == nil)
        #expect(try call("image", api: "0.15").system == "/cnb/system.toml")
    }

    @Test("rebaser: force from 0.12 on, -image is the older word for -run-image")
    func rebaser() throws {
        let user = ["CNB_USER_ID": "1", "CNB_GROUP_ID": "2"]
        let call = try RebaserCall(["-image=run", "-force", "app", "app:two"], api: api(), environment: user)
        #expect(call.forces && call.runImage?.repository == "run" && call.images.count == 2)
        #expect(throws: Failure.self) { try RebaserCall(["-force", "app"], api: api("0.11"), environment: user) }
    }

    @Test("SOURCE_DATE_EPOCH that is no number is a warning")
    func time() throws {
        #expect(try call("image", environment: ["SOURCE_DATE_EPOCH": "17"]).creationTime == .seconds(17))
        let odd = try call("image", environment: ["SOURCE_DATE_EPOCH": "today"])
        #expect(odd.creationTime == CreationTime.fixed && odd.warnings.count == 1)
    }

    // MARK: Files

    private func table(_ text: String) throws -> TOMLTable {
        try TOMLDocument(parsing: text, fileName: "file.toml", keyMatching: .ignoringCase).root
    }

    @Test("A11, A12: the operator's buildpacks are in front of every group and behind it, but for those that it has")
    func order() throws {
        var order = try OrderFile(
            table(
                """
                [[order]]
                group = [{id = "a", version = "1"}, {id = "b", optional = true}]
                [[order]]
                group = [{id = "c"}]
                """))
        order.add(
            try SystemFile(
                table(
                    "[[system.pre.buildpacks]]\nid = \"b\"\n[[system.post.buildpacks]]\nid = \"z\"\noptional = true\n"))
        )
        #expect(order.order.map { $0.map(\.id) } == [["a", "b", "z"], ["b", "c", "z"]])
        #expect(order.order[0][1].isOptional && order.order[1][2].isOptional)
        let failure = #expect(throws: Failure.self) {
            try OrderFile(table("[[order-extensions]]\n[[order-extensions.group]]\nid = \"x\"\n"))
        }
        #expect(failure.map { ExitCode.code(for: $0, in: .detect) } == 22)
    }

    @Test(
        "E5, E6: the run image that is nearest to the output is tried first",
        arguments: [
            ("app", "myorg/myrepo"), ("gcr.io/app", "gcr.io/org/repo"), ("other.example/app", "first.com/org/repo"),
        ])
    func runImages(output: String, first: String) throws {
        let file = try RunImageFile(
            table(
                """
                [[images]]
                image = "first.com/org/repo"
                mirrors = ["myorg/myrepo", "Not A Name", "zonal.gcr.io/org/repo", "gcr.io/org/repo"]
                [[images]]
                image = "second.com/org/repo"
                """))
        let candidates = file.candidates(for: try Reference(output))
        #expect(candidates.count == 4)
        #expect(try candidates.first == Reference(first))
        #expect(file.entry(of: try Reference("gcr.io/org/repo:latest"))?.image == "first.com/org/repo")
        #expect(file.entry(of: try Reference("second.com/org/repo"))?.image == "second.com/org/repo")
        #expect(file.entry(of: try Reference("unknown"))?.image == "first.com/org/repo")
        let old = try RunImageFile(table("[run-image]\nimage = \"x\"\nmirrors = [\"y\"]\n"))
        #expect(old.images == [.init(image: "x", mirrors: ["y"])])
    }

    @Test("J9: report.toml has one line with a digest")
    func report() {
        let text = TOMLWriter.text(
            of: PhaseFiles.report(.init(tags: ["a:1", "a:2"], digest: "sha256:ab", imageID: nil)))
        #expect(text == "[image]\ntags = [\"a:1\", \"a:2\"]\ndigest = \"sha256:ab\"\n")
    }

    @Test("D17: group.toml and plan.toml say who takes part and who provides what")
    func plan() {
        let plan = ResolvedPlan(
            group: [BuildpackReference(id: "a", version: "1", isOptional: true)],
            entries: [.init(name: "x", providers: ["a"], requires: [.init("x", metadata: ["v": .string("2")])])])
        #expect(
            TOMLWriter.text(of: PhaseFiles.plan(plan)) == """
                [[entries]]

                [[entries.providers]]
                id = "a"
                version = "1"

                [[entries.requires]]
                name = "x"

                [entries.requires.metadata]
                v = "2"

                """)
        let group = PhaseFiles.group([BuildpackDescriptor(id: "a", version: "1", api: "0.9", name: "A")])
        #expect(TOMLWriter.text(of: group) == "[[group]]\nid = \"a\"\nversion = \"1\"\napi = \"0.9\"\n")
        #expect(TOMLWriter.text(of: PhaseFiles.plan(ResolvedPlan(group: [], entries: []))).isEmpty)
    }

    @Test("E3: before Platform API 0.12 analyzed.toml has no name and no target of the run image")
    func analyzed() throws {
        let analyzed = PhaseFiles.Analyzed(
            previous: "", runImage: ("run:latest", "run@sha256:ab"),
            target: BuildTarget(architecture: "arm64", distributionName: "debian", distributionVersion: "12"))
        let old = TOMLWriter.text(of: PhaseFiles.analyzed(analyzed, try api("0.11")))
        #expect(old == "[image]\nreference = \"\"\n\n[run-image]\nreference = \"run@sha256:ab\"\n")
        let new = try table(TOMLWriter.text(of: PhaseFiles.analyzed(analyzed, try api("0.12"))))
        let target = try new.table("run-image")?.table("target")
        #expect(try target?.string("arch") == "arm64")
        #expect(try target?.table("distro")?.string("name") == "debian")
    }

    @Test("J7: project-metadata.toml becomes a label")
    func projectMetadata() throws {
        let text = try PhaseFiles.projectMetadata(table("[source]\ntype = \"git\"\n[source.version]\ncommit = \"a\"\n"))
        #expect(text == #"{"source":{"type":"git","version":{"commit":"a"}}}"#)
        #expect(try PhaseFiles.projectMetadata(table("")) == nil)
    }

    @Test("C3: a platform's variables are bytes as they are; folders are passed over, links to files followed")
    func variables() throws {
        try withTemporaryFolder { folder in
            try folder.appending("env/PLAIN").write("a\n")
            try folder.appending("env/FOO.append").write("b")
            try folder.appending("env/..data/LINKED").write("c")
            try folder.appending("env/LINKED").makeLink(to: "..data/LINKED")
            let values = BuildRequest.values(try PlatformVariables(in: folder).variables)
            #expect(values == ["PLAIN": "a\n", "FOO.append": "b", "LINKED": "c"])
            #expect(try PlatformVariables(in: folder.appending("none")).variables.isEmpty)
        }
    }

    @Test("C5: the operator's variables: a file without a suffix counts only where the user says nothing")
    func operatorVariables() throws {
        try withTemporaryFolder { folder in
            try folder.appending("env/PLAIN").write("operator")
            try folder.appending("env/CHANGED.prepend").write("P")
            try folder.appending("env/CHANGED.append").write("A")
            try folder.appending("env/CHANGED.delim").write(":")
            let given = GivenFolders(
                application: "/a", layers: "/l", cache: nil, platform: "/p", buildConfiguration: folder, home: "/",
                scratch: "/s")
            var variables = ["PLAIN": "user", "CHANGED": "X"]
            for rule in try given.operatorRules() { variables.apply(rule) }
            #expect(variables == ["PLAIN": "user", "CHANGED": "P:X:A"])
        }
    }
}
