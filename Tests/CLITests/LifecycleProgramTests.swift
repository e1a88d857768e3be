import SystemPackage
import TestSupport
import Testing

/// `creator` and `rebaser` as platforms start them: in containers that runc runs, with pack's and Tekton's own arguments.
@Suite(.serialized) struct LifecycleProgramTests {
    /// What Tekton's task `buildpacks` gives, with all that it leaves empty.
    private static let tekton = [
        "-app=/workspace/source/", "-cache-dir=/cache", "-cache-image=", "-uid=1000", "-gid=1000", "-layers=/layers",
        "-platform=/platform", "-report=/layers/report.toml", "-process-type=web", "-skip-restore=false",
        "-previous-image=", "-run-image=", "-tag=",
    ]

    @Test(
        "as Tekton starts it: user 1000, Platform API 0.9, empty flags; the second build takes its layers from the cache"
    )
    func tekton() async throws {
        try await bench { container, host in
            _ = try await container.pushRunImage(to: host)
            try container.platform.appending("env/GREETING").write("hello", mode: 0o644)
            let image = "\(host)/app:latest"
            let variables = ["CNB_PLATFORM_API": "0.9", "HOME": "/home/cnb", "CNB_REGISTRY_AUTH": "{}"]
            var digests: [String] = []
            for words in [
                ["auth none"], ["tool is there", "Restoring data for \"test/tools:tool\"", "Reusing layer 'app'"],
            ] {
                try await renewLayers(of: container, for: 1000)
                let end = try await container.start(
                    "creator", Self.tekton + [image], as: 1000, environment: variables,
                    application: "/workspace/source")
                #expect(end.status == 0, "\(end)")
                for word in words + ["user 1000:1000 home /home/cnb", "greeting hello", "===> EXPORTING"] {
                    #expect(end.output.contains(word), "\(end)")
                }
                digests.append(try reportedDigest(container))
                #expect(try await digest(of: image) == digests.last)
            }
            #expect(Set(digests).count == 1)
            #expect(try container.layers.appending("group.toml").readText().contains("id = \"test/tools\""))
            // The launcher that is in the image speaks the API that the platform did.
            let facts = try await facts(of: image, container)
            let environment = facts.configuration["config"]?["Env"]?.array?.compactMap(\.string) ?? []
            #expect(environment.contains("CNB_APP_DIR=/workspace/source"))
            #expect(environment.contains("CNB_PLATFORM_API=0.9"))
            let bundle = try await ImageBundle(
                layout: facts.layout, tag: facts.tag, unpackedTo: container.folder.appending("image"))
            let started = try bundle.start(name: "mixpack-be-\(Int.random(in: 0..<1_000_000))")
            let end = try await started.program.end(within: .seconds(30))
            await started.remove()
            #expect(end.output == "made from one\n", "\(end)")
        }
    }

    @Test(
        "as pack starts it: root becomes the user, after it has read credentials that only root can read; a helper has them too",
        arguments: [false, true])
    func pack(helped: Bool) async throws {
        let access = RegistryService.Access(
            htpasswd: "me:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW")
        try await bench(access) { container, host in
            var container = container
            _ = try await container.pushRunImage(to: host, credentials: "me:secret")
            let docker = container.folder.appending("docker")
            let login = #"{"auths":{"\#(host)":{"username":"me","password":"secret"}}}"#
            try docker.appending("config.json").write(
                helped ? #"{"credHelpers":{"\#(host)":"test"}}"# : login, mode: 0o600)
            try container.root.appending("bin/docker-credential-test").write(
                """
                #!/bin/bash
                read -r server
                [ "$1 $server" = "get \(host)" ] && echo '{"Username":"me","Secret":"secret"}'
                """, mode: 0o755)
            try docker.setMode(0o700)
            container.mounts = [(docker, "/docker")]
            try container.root.appending("cnb/build-config/env/OPERATOR").write("sees", mode: 0o644)
            try container.layers.appending("project-metadata.toml").write(
                "[source]\ntype = \"git\"\n[source.version]\ncommit = \"abc\"\n", mode: 0o644)
            let variables = ["CNB_PLATFORM_API": "0.15", "DOCKER_CONFIG": "/docker"]
            let words = [
                "-app", "/workspace", "-cache-image", "\(host)/cache", "-run", "/cnb/run.toml", "-uid", "1000", "-gid",
                "1000", "--tag", "\(host)/app:two", "-log-level", "debug", "\(host)/app:one",
            ]
            try await container.own([container.layers], by: 0)
            let first = try await container.start("creator", words, as: 0, environment: variables)
            #expect(first.status == 0, "\(first)")
            #expect(
                first.output.contains("user 1000:1000 home /home/cnb groups 1000 greeting  operator sees"), "\(first)")
            #expect(!first.description.contains("secret"))
            try await renewLayers(of: container, for: 0)
            let second = try await container.start("creator", words, as: 0, environment: variables)
            #expect(second.status == 0 && second.output.contains("tool is there"), "\(second)")
            let reported = try reportedDigest(container)
            for tag in ["one", "two"] {
                #expect(try await digest(of: "\(host)/app:\(tag)", "me:secret") == reported)
            }
            let raw = try await run(
                try findTool("skopeo"),
                ["inspect", "--raw", "--tls-verify=false", "--creds", "me:secret", "docker://\(host)/app:one"]
            ).succeeded().output
            let report = try container.layers.appending("report.toml").readText()
            #expect(report.contains("manifest-size = \(raw.utf8.count)\n"), "\(report)")
            let analyzed = try container.layers.appending("analyzed.toml").readText()
            #expect(analyzed.contains("image = \"\(host)/run:latest\"") && analyzed.contains("os = \"linux\""))
        }
    }

    @Test(
        "the same project built by mixpack itself and by creator is the same image; rebaser puts it on another run image"
    )
    func same() async throws {
        try await Workbench.run { bench in
            let registry = try await RegistryService(in: bench.folder)
            let container = try await BuildContainer(in: bench.folder)
            let runImage = try await container.pushRunImage(to: registry.host)
            _ = try await bench.mixpack.run([
                "build", "\(registry.host)/app:console", "--path", container.application.string, "--run-image",
                "docker://\(runImage)", "-b", container.buildpack("test/tools").string, "-b",
                container.buildpack("test/app").string, "--publish",
            ]).succeeded()
            let image = "\(registry.host)/app:creator"
            let variables = ["CNB_PLATFORM_API": "0.15"]
            let words = ["-uid=1000", "-gid=1000"]
            let end = try await container.start("creator", words + [image], as: 1000, environment: variables)
            #expect(end.status == 0, "\(end)")
            #expect(try await digest(of: image) == digest(of: "\(registry.host)/app:console"))

            let before = try await facts(of: image, container)
            _ = try await container.pushRunImage(to: registry.host, marked: "2")
            let rebased = try await container.start("rebaser", words + [image], as: 0, environment: variables)
            #expect(rebased.status == 0, "\(rebased)")
            #expect(try await digest(of: image) == reportedDigest(container))
            let after = try await facts(of: image, container)
            #expect(after.diffIDs.first != before.diffIDs.first)
            #expect(after.diffIDs.dropFirst() == before.diffIDs.dropFirst())
        }
    }

    @Test("with an engine whose socket only root can open: creator gets through as the user, buildpacks do not")
    func engine() async throws {
        try await TestEngine.run(.podman) { engine in
            try await withTemporaryFolder { folder in
                let container = try await BuildContainer(in: folder)
                try await container.loadRunImage(into: engine)
                try container.addBuildpack(
                    "test/app", api: "0.10",
                    build: """
                        for socket in /var/run/docker.sock /tmp/lifecycle-*/engine.sock; do
                            if LD_LIBRARY_PATH=/cnb/lifecycle/lib curl -sf -m 5 --unix-socket "$socket" http://engine/version >/dev/null; then echo "$socket answers"; else echo "$socket is closed"; fi
                        done
                        mkdir -p "$1/out"
                        printf '[types]\\nlaunch = true\\n' >"$1/out.toml"
                        """)
                try await container.addCurl()
                var reaching = container
                reaching.mounts = [(engine.socket, "/var/run/docker.sock")]
                let end = try await reaching.start(
                    "creator", ["-daemon", "-uid=1000", "-gid=1000", "app:engine"], as: 0,
                    environment: ["CNB_PLATFORM_API": "0.12"])
                #expect(end.status == 0, "\(end)")
                #expect(end.output.contains("/engine.sock is closed") && !end.output.contains("answers"), "\(end)")
                let report = try container.layers.appending("report.toml").readText()
                let facts = try await engine.docker("image", "inspect", "--format", "{{.Id}}", "app:engine").succeeded()
                #expect(report.contains("image-id = \"\(facts.lines[0])\"") && !report.contains("digest"), "\(report)")
            }
        }
    }

    @Test("bad input has the exit codes of the specification, and leaves no report and no image")
    func badInput() async throws {
        try await bench { container, host in
            _ = try await container.pushRunImage(to: host)
            let image = "\(host)/app:latest"
            let user = ["-uid=1000", "-gid=1000"]
            func code(
                _ words: [String], _ api: String? = "0.12", as id: Int = 1000, program: String = "creator"
            ) async throws -> Int32 {
                let variables = api.map { ["CNB_PLATFORM_API": $0] } ?? [:]
                let end = try await container.start(program, words, as: id, environment: variables)
                #expect(end.errorOutput.contains("ERROR: "), "\(end)")
                return end.status
            }
            #expect(try await code(["-nonsense"], nil) == 11)
            #expect(try await code(user + [image], "0.8") == 11)
            #expect(try await code(user + ["-nonsense", image]) == 3)
            #expect(try await code(user + ["-system=/x", image]) == 3)
            #expect(try await code(user) == 3)
            #expect(try await code(user + ["-tag=other.example/app", image]) == 3)
            #expect(try await code(user + ["-order=/none", image]) == 1)
            #expect(try await code(["-uid=0", "-gid=0", image], as: 0) == 1)
            #expect(try await code(user + ["-run-image=\(host)/none", image]) == 32)
            #expect(try await code(user + ["-process-type=none", image]) == 62)
            #expect(try await code(user + [image], program: "rebaser") == 72)
            let order = container.root.appending("cnb/order.toml")
            let text = try order.readText()
            try order.write(text + "[[order-extensions]]\n[[order-extensions.group]]\nid = \"x\"\n")
            #expect(try await code(user + [image]) == 22)
            try order.write(text.replacing("test/app", with: "test/none"))
            #expect(try await code(user + [image]) == 22)
            try order.write(text)
            try container.buildpack("test/app").appending("bin/build").write("#!/bin/bash\nexit 7\n", mode: 0o755)
            #expect(try await code(user + [image]) == 51)
            try container.buildpack("test/app").appending("bin/detect").write("#!/bin/bash\nexit 100\n", mode: 0o755)
            #expect(try await code(user + [image]) == 20)
            try container.buildpack("test/app").appending("bin/detect").write("#!/bin/bash\nexit 5\n", mode: 0o755)
            #expect(try await code(user + [image]) == 21)
            #expect(try !container.layers.names().contains("report.toml"))
            await #expect(throws: TestSupportError.self) { try await digest(of: image) }
        }
    }

    // MARK: Support

    private func bench(
        _ access: RegistryService.Access = .init(), _ body: (BuildContainer, _ host: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let registry = try await RegistryService(in: folder, access: access)
            try await body(try await BuildContainer(in: folder), registry.host)
        }
    }

    /// Empties the layers, as a platform's next container has them.
    private func renewLayers(of container: BuildContainer, for user: Int) async throws {
        for name in try container.layers.names() where name != "project-metadata.toml" {
            removeTree(container.layers.appending(name))
        }
        try await container.own([container.layers], by: user)
    }

    /// The digest as Tekton's task finds it: by the one line that has the word.
    private func reportedDigest(_ container: BuildContainer) throws -> String {
        let lines = try container.layers.appending("report.toml").readText().split(separator: "\n")
            .filter { $0.contains("digest") }
        #expect(lines.count == 1)
        return lines.first?.split(separator: "\"").dropFirst().first.map(String.init) ?? ""
    }

    private func digest(of image: String, _ credentials: String? = nil) async throws -> String {
        let login = credentials.map { ["--creds", $0] } ?? []
        let end = try await run(
            try findTool("skopeo"),
            ["inspect", "--tls-verify=false", "--format", "{{.Digest}}"] + login + ["docker://\(image)"]
        ).succeeded()
        return end.output.trimmingSuffix(while: \.isNewline)
    }

    private func facts(of image: String, _ container: BuildContainer) async throws -> ImageFacts {
        let layout = container.folder.appending("layout-\(Int.random(in: 0..<1_000_000))")
        _ = try await run(
            try findTool("skopeo"),
            ["copy", "-q", "--src-tls-verify=false", "docker://\(image)", "oci:\(layout):image"]
        ).succeeded()
        return try ImageFacts(layout: layout, tag: "image")
    }
}

extension String {
    fileprivate func trimmingSuffix(while isPart: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, isPart(last) { text.removeLast() }
        return String(text)
    }
}
