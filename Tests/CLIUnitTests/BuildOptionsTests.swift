import Commands
import Diagnostics
import Lifecycle
import OCIImage
import TestSupport
import Testing

@testable import CLI

@Suite("Options become a request")
struct BuildOptionsTests {
    private func request(_ words: [String]) async throws -> BuildRequest {
        let sources = SecretSources(machine: Machine(), runner: SubprocessCommandRunner())
        return try await BuildOptions.parse(words).request(
            image: try Reference("app"), project: "/project", secrets: sources)
    }

    private func message(_ words: [String]) async throws -> String {
        let error = await #expect(throws: Failure.self) { try await request(words) }
        #expect(error?.code == .usage)
        return error.map { $0.message + ($0.advice.map { "\n  \($0)" } ?? "") } ?? ""
    }

    @Test("without options nothing is switched on, and the image goes to the engine")
    func standard() async throws {
        let request = try await request([])
        #expect(request.variables.isEmpty && request.buildpacks.isEmpty && request.outputs.isEmpty)
        #expect(!request.clearsCache && !request.forbidsSecrets && request.startTrial == .no)
        #expect(request.usesEngine)
        #expect(request.runImage == nil)
    }

    @Test("a digest is no name for a new image, as an argument or a tag")
    func digests() async throws {
        let name = "hello@sha256:" + String(repeating: "a", count: 64)
        #expect(try await message(["--tag", name]).hasSuffix("leave the digest out: hello"))
        let error = #expect(throws: Failure.self) { try BuildCommand.nameToBuild(name) }
        #expect(error?.code == .usage)
        #expect(error?.advice == "leave the digest out: hello")
        #expect(try BuildCommand.nameToBuild("hello:1") == Reference("hello:1"))
    }

    @Test(
        "--try-start has a value only behind an equals sign, so that an image's name may follow it",
        arguments: [
            (["--try-start"], StartTrial.required), (["--try-start=if-possible"], .ifPossible),
            (["--try-start=required"], .required), (["--try-start=emulated"], .emulated), ([], .no),
        ])
    func tryStart(words: [String], trial: StartTrial) async throws {
        #expect(try await request(OptionalValues.expanded(words)).startTrial == trial)
        #expect(OptionalValues.expanded(["build"] + words + ["app"]).last == "app")
        #expect(OptionalValues.expanded(["--"] + words) == ["--"] + words)
    }

    @Test("another value of --try-start is named with what would do")
    func wrongTryStart() async throws {
        for value in ["maybe", "no", ""] {
            let words = ["--try-start=\(value)"]
            let message = CommandLineMask(words).masked(try await message(OptionalValues.expanded(words)))
            #expect(
                message.hasPrefix("--try-start takes no value but if-possible and emulated, not '\(value)'\n"),
                "\(message)")
        }
    }

    @Test("variables come in the order in which the later counts: files, -e, --secret, commands")
    func variableOrder() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("one").write("A=file one\n")
            try folder.appending("two").write("A=file two\n")
            let request = try await request([
                "--secret-from-command", "A=echo printed", "--secret", "PATH", "-e", "A=flag", "--env-file",
                folder.appending("one").string, "--env-file", folder.appending("two").string, "-e", "A=second flag",
            ])
            #expect(
                request.variables.filter { $0.name == "A" }.map(\.value)
                    == ["file one", "file two", "flag", "second flag", "printed"])
            #expect(request.variables.map(\.name) == ["A", "A", "A", "A", "PATH", "A"])
        }
    }

    @Test("--fetch-secret takes a value that another option gives, else the environment's, and never one of its own")
    func fetchSecrets() async throws {
        let given = try await request(["--fetch-secret", "PATH", "-e", "NPM_TOKEN=npm", "--fetch-secret", "NPM_TOKEN"])
        #expect(given.fetchSecrets.map(\.name) == ["PATH", "NPM_TOKEN"])
        #expect(given.fetchSecrets.last?.value == "npm" && given.fetchSecrets.allSatisfy(\.isSecret))
        #expect(given.variables.map(\.name) == ["NPM_TOKEN"])
        #expect(try await message(["--fetch-secret", "MIXPACK_NOT_SET"]).contains("not set in your environment"))
        let value = try await message(["--fetch-secret", "A=s3cret"])
        #expect(value.contains("takes a name") && !value.contains("s3cret"))
    }

    @Test("an option of its own counts more than the variable that says the same, and that more than project.toml")
    func releaseAndDistribution() async throws {
        let variables = ["-e", "RELEASE=variable", "-e", "BP_DISTRIBUTION=none"]
        let both = try await request(variables + ["--release", "flag", "--distribution", "cluster"])
        #expect(both.release == "flag" && both.distribution == "cluster")
        var one = try await request(variables)
        #expect(one.release == "variable" && one.distribution == "none")
        var none = try await request([])
        try withTemporaryFolder { folder in
            // Of a name that the file gives twice the last value counts.
            let values = [("RELEASE", "first"), ("RELEASE", "file"), ("BP_DISTRIBUTION", "loopback")]
            let tables = values.map { "[[io.buildpacks.build.env]]\nname = \"\($0.0)\"\nvalue = \"\($0.1)\"\n" }
            try folder.appending("project.toml").write("[_]\nschema-version = \"0.2\"\n" + tables.joined())
            let file = try ProjectFile(of: folder)
            #expect(file.release == "file" && file.distribution == "loopback")
            try file.fill(&one, machine: Machine())
            try file.fill(&none, machine: Machine())
        }
        #expect(one.release == "variable" && one.distribution == "none")
        #expect(none.release == "file" && none.distribution == "loopback")
    }

    @Test("programs and a health check are read at once, and what is wrong names the option")
    func runtimeNeeds() async throws {
        let request = try await request([
            "--run-program", "jq", "--run-program", "curl", "--health-check", "http://:4000/health",
        ])
        #expect(request.runPrograms == ["jq", "curl"] && request.healthCheck?.port == 4000)
        #expect(try await message(["--run-program", "bin/jq"]).hasPrefix("--run-program bin/jq: \"bin/jq\" is a path"))
        let message = try await message(["--health-check", "https://:4000"])
        #expect(message.hasPrefix("--health-check https://:4000: ") && message.contains("http://:4000/health"))
    }

    @Test("labels, annotations, the run image's public name and the time are read at once, or named as wrong")
    func notes() async throws {
        let request = try await request([
            "--label", "a=b", "--annotation", "c=d", "--publish-run-image", "r.example/run:1", "--creation-time", "now",
        ])
        #expect(request.labels.map(\.text) == ["a=b"] && request.annotations.map(\.text) == ["c=d"])
        #expect(request.publishedRunImages.map(\.description) == ["r.example/run:1"] && request.creationTime == .now)
        #expect(try await message(["--label", "a"]).hasPrefix("--label a: not NAME=VALUE"))
        #expect(try await message(["--creation-time", "soon"]).hasPrefix("--creation-time soon: soon is neither"))
    }

    @Test("the previous image is a place or a name in the store, the cache a place or a name in a registry")
    func otherImages() async throws {
        let request = try await request(["--previous-image", "r.test/app:1", "--cache-image", "r.test/cache"])
        #expect(request.previousImage == .store(try Reference("r.test/app:1")))
        #expect(request.cacheImage == .registry(try Reference("r.test/cache")))
        let places = try await self.request(["--previous-image", "docker://a", "--cache-image", "oci:/c:1"])
        #expect(places.previousImage == .registry(try Reference("a")))
        #expect(places.cacheImage == .layout("/c", tag: "1"))
        #expect(try await message(["--cache-image", "Ä"]).hasPrefix("--cache-image Ä: "))
    }

    @Test("--registry-ca counts more than SSL_CERT_FILE")
    func certificates() throws {
        let environment = ["SSL_CERT_FILE": "/environment.pem"]
        func certificates(_ words: [String]) throws -> String? {
            try RegistryOptions.parse(words).choices(Machine())
                .options(environment: environment, helper: { _, _ in "" }).certificates
        }
        #expect(try certificates([]) == "/environment.pem")
        #expect(try certificates(["--registry-ca", "/given.pem"]) == "/given.pem")
    }

    @Test("what --secret and --secret-from-command give is secret whatever its name; -e goes by the name")
    func secrets() async throws {
        let request = try await request([
            "--secret", "PATH", "--secret-from-command", "PLAIN=echo x", "-e", "API_KEY=1", "-e", "PORT=1",
        ])
        let secret = Dictionary(uniqueKeysWithValues: request.variables.map { ($0.name, $0.isSecret) })
        #expect(secret == ["PATH": true, "PLAIN": true, "API_KEY": true, "PORT": false])
    }

    @Test("only the first line that a command prints counts")
    func firstLine() async throws {
        let request = try await request(["--secret-from-command", "A=printf 'one\\ntwo\\n'; echo three >&2"])
        #expect(request.variables.map(\.value) == ["one"])
    }

    @Test(
        "a secret's value on the command line is refused, and not repeated",
        arguments: [["--secret", "NAME=hunter2"], ["--allow-secret", "NAME=hunter2"]])
    func valueGiven(words: [String]) async throws {
        let message = try await message(words)
        #expect(message.hasPrefix("\(words[0]) takes a name, not a value: NAME"))
        #expect(!message.contains("hunter2"))
    }

    @Test(
        "a command that gives no secret is not repeated",
        arguments: ["A=echo hunter2; exit 1", "A=true hunter2", "hunter2", "=hunter2", "a b=hunter2"])
    func command(text: String) async throws {
        let message = try await message(["--secret-from-command", text])
        #expect(message.hasPrefix("--secret-from-command"))
        #expect(!message.contains("hunter2"))
    }

    @Test("no command is run where another option is wrong")
    func commandLast() async throws {
        try await withTemporaryFolder { folder in
            let mark = folder.appending("ran")
            _ = try await message(["--secret-from-command", "A=touch '\(mark)'; echo x", "--output", "nowhere"])
            #expect(!mark.isThere)
        }
    }

    @Test("--publish pushes the image and its other names, after the outputs that are named; then no engine is used")
    func publish() async throws {
        let request = try await request(["--publish", "--tag", "b:1", "--output", "oci:dir", "--tag", "c"])
        #expect(
            request.outputs == [
                try ImagePlace("oci:dir"), .registry(try Reference("app")), .registry(try Reference("b:1")),
                .registry(try Reference("c")),
            ])
        #expect(!request.usesEngine)
        #expect(request.tags == [try Reference("b:1"), try Reference("c")])
    }

    @Test("buildpacks stay in their order")
    func buildpacks() async throws {
        let request = try await request(["-b", "./z", "-b", "from=builder", "-b", "./a"])
        #expect(request.buildpacks == ["./z", "from=builder", "./a"].map(BuildpackChoice.init))
    }

    @Test(
        "what an option cannot mean is said with the option's name",
        arguments: [
            ["--run-image", "No Where"], ["--output", "x:y"], ["--tag", "Bad Name"], ["--volume", "relative"],
        ])
    func wrong(words: [String]) async throws {
        let message = try await message(words)
        #expect(message.hasPrefix("\(words[0]) \(words[1]): "), "\(message)")
        #expect(message.contains("\n  "), "no advice: \(message)")
    }

    @Test("the host and the original's builder mean the built-in buildpacks; any other name is a builder image")
    func builders() async throws {
        #expect(try await request(["--builder", "host"]).builder == nil)
        #expect(try await request(["--builder", "\(BuilderName.original):latest"]).builder == nil)
        #expect(
            try await request(["--builder", "example.com/builder"]).builder == .store(Reference("example.com/builder")))
        #expect(try await request(["--builder", "docker://x/y"]).builder == .registry(Reference("x/y")))
        #expect(try await message(["--builder", "No Name"]).hasPrefix("--builder No Name: "))
    }

    @Test("the original's builder is an image once a registry of its name is configured; what is no address is refused")
    func originalBuilder() throws {
        try withTemporaryFolder { folder in
            let machine = Machine(environment: ["HOME": folder.string, "XDG_CONFIG_HOME": folder.string])
            let name = BuilderName(BuilderName.original)
            #expect(try name.place(machine) == nil)
            #expect(try name.notice(machine)?.contains(BuilderName.original) == true)
            #expect(try BuilderName("host").notice(machine) == nil)
            let file = folder.appending("mixpack/config.toml")
            try file.write(
                "[registries]\n\"rg.nl-ams.scw.cloud\" = \"127.0.0.1:5000\"\n\"docker.io\" = \"[::1]:5000\"\n")
            #expect(try name.place(machine) == .store(Reference(BuilderName.original)))
            #expect(try name.notice(machine) == nil)
            #expect(
                try ConfigurationFile(machine: machine).registries()
                    == ["rg.nl-ams.scw.cloud": "127.0.0.1:5000", "index.docker.io": "[::1]:5000"])
            for wrong in ["\"a\" = \"b\"", "\"a.b\" = \"https://c.d\"", "\"a.b/c\" = \"d.e\"", "\"a.b\" = 3"] {
                try file.write("[registries]\n\(wrong)\n")
                let failure = #expect(throws: Failure.self) { try ConfigurationFile(machine: machine).registries() }
                #expect(failure?.code == .usage && failure?.description.contains("config.toml:2") == true, "\(wrong)")
            }
        }
    }

    @Test("a build is for this machine's processor, or for those that --platform names, each once")
    func platforms() throws {
        let own = Platform.current
        let other = own.architecture == "arm64" ? "amd64" : "arm64"
        #expect(try PlatformOption.readForBuild("\(own)") == [])
        #expect(try PlatformOption.readForBuild("linux/\(other)").map(\.architecture) == [other])
        #expect(
            try PlatformOption.readForBuild("\(own),linux/\(other)").map(\.architecture) == [own.architecture, other])
        for wrong in ["linux", "linux/s390x", "linux/\(other),linux/\(other)/v8", "\(own),", "windows/amd64"] {
            let error = #expect(throws: Failure.self, "\(wrong)") { try PlatformOption.readForBuild(wrong) }
            #expect(error?.code == .usage && error?.description.hasPrefix("--platform") == true, "\(wrong)")
        }
        #expect(try PlatformOption.read("linux/\(other)").architecture == other)
        #expect(throws: Failure.self) { try PlatformOption.read("linux") }
    }
}
