import BuildpackAPI
import Diagnostics
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("What an image says of itself")
struct ImageConfigurationTests {
    /// An image with one layer, two processes and one label.
    private func image(_ bench: TestBench, change: (inout BuildRequest) throws -> Void = { _ in }) async throws -> Image
    {
        var buildpack = StaticBuildpack("my/bp")
        buildpack.descriptor.homepage = "https://example.org"
        buildpack.make = { context in
            try context.layersDirectory.appending("l/file").write("x")
            return BuildResult(
                layers: [LayerContribution("l", types: [.launch, .cache], metadata: ["a": .integer(1)])],
                processes: [
                    ProcessType("web", command: ["run", "it"], arguments: ["x"], workingDirectory: "/w"),
                    ProcessType("a", command: ["b"], isDirect: false, executionEnvironments: ["test"]),
                ],
                labels: ["mine": "yes"])
        }
        let events = try await bench.build([buildpack], change: change)
        _ = try #require(events.report, "\(events.text)")
        return try #require(try bench.store.image(for: Reference("app")))
    }

    @Test("J2, J3: variables, folder and time are the specification's; everything else is the run image's")
    func configuration() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try await image(TestBench(folder)).configuration
            for variable in [
                "CNB_LAYERS_DIR=/layers", "CNB_APP_DIR=/workspace", "CNB_PLATFORM_API=0.15",
                "CNB_DEPRECATION_MODE=quiet",
            ] { #expect(configuration.config.environment.contains(variable)) }
            #expect(configuration.config.variable("PATH")?.hasPrefix("/cnb/process:/cnb/lifecycle:") == true)
            #expect(configuration.config.variable("CNB_PROCESS_TYPE") == nil)
            #expect(configuration.config.workingDirectory == "/workspace")
            #expect(configuration.config.command == nil)
            #expect(configuration.config.entrypoint == ["/cnb/lifecycle/launcher"])
            #expect(configuration.created == "1980-01-01T00:00:01Z")
            #expect(configuration.history.allSatisfy { $0.created == configuration.created })
        }
    }

    @Test("A health check is Docker's field, run by the launcher; without one there is no field")
    func healthCheck() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let plain = try await image(bench)
            #expect(plain.configuration.config.otherFields["Healthcheck"] == nil)
            let check = try HealthCheck("http://:4000/health")
            let checked = try await image(bench) { $0.healthCheck = check }
            #expect(
                checked.configuration.config.otherFields["Healthcheck"]
                    == .object([
                        "Test": .array(
                            ["CMD", "/cnb/lifecycle/launcher", "--health-check", "4000", "/health"].map { .string($0) }),
                        "Interval": .integer(30_000_000_000), "Timeout": .integer(5_000_000_000),
                        "StartPeriod": .integer(30_000_000_000), "Retries": .integer(3),
                    ]))
            #expect(checked.layers.map(\.diffID) == plain.layers.map(\.diffID))
        }
    }

    @Test("Labels, annotations and time are the user's, without any change of layers; the lifecycle's labels stay")
    func notes() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let plain = try await image(bench)
            let noted = try await image(bench) { request in
                request.labels = [try ImageNote("mine=no"), try ImageNote("vendor=a=b"), try ImageNote("empty=")]
                request.annotations = [try ImageNote("url=https://example.org")]
                request.creationTime = try CreationTime("1700000000")
            }
            let labels = noted.configuration.config.labels
            #expect(labels["mine"] == "no" && labels["vendor"] == "a=b" && labels["empty"] == "")
            #expect(labels[LifecycleMetadata.label] == plain.configuration.config.labels[LifecycleMetadata.label])
            #expect(noted.manifest.annotations == ["url": "https://example.org"] && plain.manifest.annotations == nil)
            #expect(noted.configuration.created == "2023-11-14T22:13:20Z")
            #expect(noted.configuration.history.allSatisfy { $0.created == noted.configuration.created })
            #expect(noted.layers.map(\.diffID) == plain.layers.map(\.diffID))
        }
    }

    @Test(
        "What is no label and no time is refused",
        arguments: ["", "a", "=b", "a b=c", "io.buildpacks.x=y", "ä=b"], ["", "-1", "1.5", "yesterday", "253402300800"])
    func wrongNotes(label: String, time: String) {
        #expect(throws: Failure.self) { try ImageNote(label) }
        #expect(throws: Failure.self) { try CreationTime(time) }
    }

    @Test("A label with a secret's value is refused by the secret's name, and leaves no image")
    func secretLabel() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([StaticBuildpack("a")]) { request in
                request.variables = [PlatformVariable(name: "TOKEN", value: "s3cr3t-v4lue", isSecret: true)]
                request.labels = [try ImageNote("url=https://me:s3cr3t-v4lue@example.org")]
            }
            let failure = try #require(events.failure)
            #expect(failure.message.contains("url") && failure.message.contains("TOKEN"))
            #expect(!failure.message.contains("s3cr3t"))
            #expect(try bench.store.image(for: Reference("app")) == nil)
        }
    }

    @Test("`now` is the time of the build; when nothing has changed the image stays as it is")
    func now() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let time = Mutex(Int64(1_700_000_000))
            var services = bench.services()
            services.clock = { time.withLock { $0 } }
            for _ in 1...2 {
                var request = BuildRequest(image: try Reference("app"), project: bench.project)
                request.creationTime = .now
                let build = Creator(
                    buildpacks: BuildpackStore([StaticBuildpack("a")], order: [[BuildpackReference(id: "a")]]),
                    services: services
                ).create(request)
                for await _ in build.events {}
                await build.end()
                let image = try #require(try bench.store.image(for: Reference("app")))
                #expect(image.configuration.created == "2023-11-14T22:13:20Z")
                time.withLock { $0 += 60 }
            }
        }
    }

    @Test("A run image that is pushed is named by what can be pulled: its name, its digest there, its mirrors")
    func published() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let digest = try Digest(of: Array("compressed".utf8))
            var services = bench.services()
            services.destination = { _, _ in FixedDestination(digest: digest) }
            var request = BuildRequest(image: try Reference("app"), project: bench.project)
            request.publishedRunImages = [try Reference("r.example/run:12"), try Reference("m.example/run:12")]
            let build = Creator(
                buildpacks: BuildpackStore([StaticBuildpack("a")], order: [[BuildpackReference(id: "a")]]),
                services: services
            ).create(request)
            for await _ in build.events {}
            await build.end()
            let metadata = LifecycleMetadata(of: try #require(try bench.store.image(for: Reference("app"))))
            #expect(metadata.runImage?.image == "r.example/run:12")
            #expect(metadata.runImage?.reference == "r.example/run@\(digest)")
            #expect(metadata.runImage?.mirrors == ["m.example/run:12"])
            #expect(metadata.stack?.runImage.mirrors == ["m.example/run:12"])
        }
    }

    @Test("J4: the label of layers is compact JSON of the specification's shape")
    func lifecycleMetadata() async throws {
        try await withTemporaryFolder { folder in
            let image = try await image(TestBench(folder))
            let diffIDs = image.layers.map(\.diffID.description)
            let label = image.configuration.config.labels["io.buildpacks.lifecycle.metadata"]
            let expected = """
                {"app":[{"sha":"\(diffIDs[4])"}],"buildpacks":[{"key":"my/bp","layers":{"l":{"build":false,\
                "cache":true,"data":{"a":1},"launch":true,"sha":"\(diffIDs[5])"}},"version":"v1"}],\
                "config":{"sha":"\(diffIDs[2])"},"exec-env":"production","launcher":{"sha":"\(diffIDs[1])"},\
                "process-types":{"sha":"\(diffIDs[3])"},"runImage":{"image":"test-run-image:latest",\
                "reference":"REFERENCE","topLayer":"\(diffIDs[0])"},"stack":{"runImage":{"image":"test-run-image:latest"}}}
                """
            let reference = LifecycleMetadata(of: image).runImage?.reference ?? ""
            #expect(label == expected.replacing("REFERENCE", with: reference))
            #expect(image.configuration.config.labels["io.buildpacks.exec-env"] == "production")
        }
    }

    @Test("J4: a layer without metadata has data null")
    func noData() throws {
        let layer = LifecycleMetadata.Layer(sha: "s", data: [:], types: .launch)
        #expect(layer.data == nil)
    }

    @Test("J6: the label of the build has the group, the processes and the launcher")
    func buildMetadata() async throws {
        try await withTemporaryFolder { folder in
            let labels = try await image(TestBench(folder)).configuration.config.labels
            #expect(
                labels["io.buildpacks.build.metadata"] == """
                    {"buildpacks":[{"homepage":"https://example.org","id":"my/bp","version":"v1"}],"launcher":\
                    {"source":{"git":{"commit":"","repository":""}},"version":"0.21.0"},"processes":[{"args":[],\
                    "buildpackID":"my/bp","command":["b"],"direct":false,"exec-env":["test"],"type":"a"},{"args":\
                    ["x"],"buildpackID":"my/bp","command":["run","it"],"direct":true,"type":"web",\
                    "working-dir":"/w"}]}
                    """)
        }
    }

    @Test("J7, J8: what the project says of its source is a label; buildpacks' labels come last")
    func projectMetadata() async throws {
        try await withTemporaryFolder { folder in
            let labels = try await image(TestBench(folder)) { $0.sourceMetadata = "{\"source\":{}}" }
                .configuration.config.labels
            #expect(labels["io.buildpacks.project.metadata"] == "{\"source\":{}}")
            #expect(labels["mine"] == "yes")
            #expect(labels["io.buildpacks.rebasable"] == nil)
        }
    }

    @Test("J8: of a label that several buildpacks give the last one's counts")
    func laterLabels() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpacks = ["one", "two"].map { id in
                var buildpack = StaticBuildpack(id)
                buildpack.make = { _ in BuildResult(labels: ["mine": id, "of-\(id)": "yes"]) }
                return buildpack
            }
            let events = try await bench.build(buildpacks)
            _ = try #require(events.report, "\(events.text)")
            let labels = try #require(try bench.store.image(for: Reference("app"))).configuration.config.labels
            #expect(labels["mine"] == "two")
            #expect(labels["of-one"] == "yes" && labels["of-two"] == "yes")
        }
    }

    @Test("J13: every name of an image has the same digest")
    func names() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let other = try Reference("other:1")
            let image = try await image(bench) { $0.tags = [other] }
            #expect(try bench.store.image(for: other)?.digest == image.digest)
        }
    }

    /// What buildpacks with these processes, one after the other, built.
    private func built(_ processes: [[ProcessType]]) -> BuiltLayers {
        let parts = processes.enumerated().map { index, processes in
            BuiltLayers.Part(
                buildpack: BuildpackDescriptor(id: "bp-\(index)", version: "1", api: "0.12", name: "x"),
                layersDirectory: "/none", result: BuildResult(processes: processes))
        }
        return BuiltLayers(parts: parts, diagnostics: [])
    }

    @Test("H5: the last default process counts, unless a later one of its type is none")
    func defaultProcess() {
        let (web, other) = (ProcessType("web", command: ["x"]), ProcessType("other", command: ["x"]))
        let (defaultWeb, defaultOther) = (
            ProcessType("web", command: ["x"], isDefault: true), ProcessType("other", command: ["x"], isDefault: true)
        )
        #expect(built([[web], [other]]).defaultProcess == nil)
        #expect(built([[defaultWeb, other], [defaultOther]]).defaultProcess == "other")
        #expect(built([[defaultOther], [other, defaultWeb]]).defaultProcess == "web")
        #expect(built([[defaultWeb], [other]]).defaultProcess == "web")
        #expect(built([[defaultWeb], [web]]).defaultProcess == nil)
    }

    @Test("H5: of processes of one type the last buildpack's counts; they are sorted by type")
    func processes() {
        let processes = built([
            [ProcessType("web", command: ["first"]), ProcessType("b", command: ["b"])],
            [ProcessType("web", command: ["last"]), ProcessType("a", command: ["a"])],
        ]).processes
        #expect(
            processes.map { "\($0.process.type) \($0.process.command) \($0.buildpack)" } == [
                "a [\"a\"] bp-1", "b [\"b\"] bp-0", "web [\"last\"] bp-1",
            ])
    }

    @Test("H8: metadata.toml has the group, the processes, labels and slices, as table arrays")
    func launcherMetadata() {
        let metadata = LauncherMetadata(
            group: [BuildpackDescriptor(id: "a/b", version: "1", api: "0.9", name: "x", homepage: "h")],
            processes: [
                (
                    ProcessType(
                        "web", command: ["c"], arguments: ["\"d\""], workingDirectory: "/w",
                        executionEnvironments: ["*"]), "a/b"
                )
            ], defaultProcess: "web", labels: [("k", "v")], slices: [["x/*"]])
        #expect(
            metadata.text == """
                buildpack-default-process-type = "web"

                [[buildpacks]]
                id = "a/b"
                version = "1"
                api = "0.9"
                homepage = "h"

                [[processes]]
                type = "web"
                command = ["c"]
                args = ["\\"d\\""]
                direct = true
                buildpack-id = "a/b"
                working-dir = "/w"
                exec-env = ["*"]

                [[labels]]
                key = "k"
                value = "v"

                [[slices]]
                paths = ["x/*"]

                """)
    }

    /// Written out once more, so that no code changes unseen.
    private static let exitCodes: [Int32: Set<Failure.Code>] = [
        1: [.ruleBroken, .secretFound], 3: [.usage, .untrusted, .outsideLinks], 12: [.unsupportedAPI],
        20: [.notMixProject, .notApplicable], 21: [.detectFailed],
        22: [
            .noToolchain, .brokenMixFile, .ambiguousRelease, .unknownRelease, .invalidReleaseName, .releasesNeeded,
            .versionConflict, .cannotPlan,
        ],
        32: [.analysisFailed], 51: [.commandFailed], 52: [.buildFailed], 62: [.exportFailed], 72: [.rebaseFailed],
        91: [.extensionFailed], 92: [.generateFailed],
    ]

    @Test("N: every failure has the lifecycle's exit code", arguments: Failure.Code.allCases)
    func exitCodes(code: Failure.Code) {
        let phases: [Phase?: Int32] = [nil: 1, .analyze: 32, .detect: 22, .restore: 42, .build: 52, .export: 62]
        for (phase, other) in phases {
            let own = Self.exitCodes.first { $0.value.contains(code) }?.key
            #expect(ExitCode.code(for: Failure(code, "x"), in: phase) == own ?? other)
        }
    }
}
