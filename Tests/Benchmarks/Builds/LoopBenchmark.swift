import SystemPackage
import TestSupport

/// The loop of whoever works on a web application: an edit, an image in the engine, a container that answers HTTP.
///
/// mixpack and docker's run beside `docker build` and `podman build` with the usual Dockerfile, in Docker's daemon and in
/// podman; loading is measured apart, of a whole image and after an edit.
struct LoopBenchmark: Benchmark {
    static let name = "loop"
    private static let rounds = 5

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let base = try await BaseArchives(in: folder.appending("bases"))
            for kind in TestEngine.Kind.allCases {
                try await TestEngine.run(kind) { engine in
                    let place = folder.appending(kind.rawValue)
                    try await measureLoop(engine, in: place, base)
                    try await measureLoad(engine, in: place)
                }
            }
        }
    }

    private func measureLoop(_ engine: TestEngine, in folder: FilePath, _ base: BaseArchives) async throws {
        let builder = try await DockerfileBuilder(
            engine, in: folder.appending("builder"), base, dockerfile: DockerfileBuilder.umbrella)
        let mixpack = try MixpackLoop(engine, home: folder)
        let shop = try ShopProject(in: folder)
        for edition in 0..<2 {
            try shop.edit(edition)
            _ = try await mixpack.build(shop.folder)
            _ = try await builder.build(shop.folder)
        }
        var times: [String: [Double]] = [:]
        for edition in 2..<2 + Self.rounds {
            try shop.edit(edition)
            times["mixpack", default: []].append(try await loop(engine, mixpack, shop))
            times["other", default: []].append(try await loop(engine, builder, shop))
        }
        await builder.end()
        let (own, other) = (times["mixpack"].median, times["other"].median)
        report("\(engine.kind.rawValue): edit, image loaded, HTTP 200: medians of \(Self.rounds)")
        report("  mixpack \(own.hundredths) s, \(engine.kind.rawValue) build + run \(other.hundredths) s")
        goal("the loop", own / other, of: "theirs", atMost: 0.4)
    }

    /// The seconds from a build's start to the container's answer.
    private func loop(_ engine: TestEngine, _ builder: some LoopBuilder, _ shop: ShopProject) async throws -> Double {
        let built = try await builder.build(shop.folder)
        let start = ContinuousClock.now
        try await builder.start()
        _ = try await engine.runInside(
            "/bin/sh", ["-c", "until curl -fs http://127.0.0.1:4000/health > /dev/null; do sleep 0.02; done"],
            within: .seconds(60)
        ).succeeded()
        let seconds = built + (ContinuousClock.now - start).inSeconds
        try await builder.stop()
        return seconds
    }

    /// What loading adds to a build of the small sample.
    private func measureLoad(_ engine: TestEngine, in folder: FilePath) async throws {
        let mixpack = MixpackContender(
            mixpack: try MixpackProgram(home: folder.appending("load")), output: folder.appending("layout"))
        let hello = try BenchProject.hello(in: folder)
        _ = try await mixpack.build(hello)
        var (whole, edited): ([Double], [Double]) = ([], [])
        for edition in 0..<Self.rounds {
            _ = try await engine.docker("rmi", "-f", hello.name)
            whole.append(try await mixpack.load(hello, into: engine.host))
            try hello.edit(edition)
            _ = try await mixpack.build(hello)
            edited.append(try await mixpack.load(hello, into: engine.host))
        }
        report("  loading hello: whole \(whole.median.hundredths) s, after an edit \(edited.median.hundredths) s")
        let limit = engine.kind == .docker ? 0.25 : 0.7
        goal("a load after an edit", edited.median / whole.median, of: "a whole one", atMost: limit)
    }

    private func goal(_ what: String, _ ratio: Double, of other: String, atMost limit: Double) {
        let text = "\(what) \(ratio.hundredths) × \(other), to be at most \(limit)"
        report("  \(ratio <= limit ? "reached" : "MISSED "): \(text)")
    }
}

/// A way from a project to a running container.
protocol LoopBuilder {
    /// Builds the image into the engine, and gives the seconds that it took.
    func build(_ project: FilePath) async throws -> Double
    /// Starts the container, which listens at port 4000 of the engine's host.
    func start() async throws
    /// Removes the container.
    func stop() async throws
}

/// The umbrella sample, whose web release answers HTTP.
struct ShopProject {
    let folder: FilePath
    private let source: FilePath
    private let text: String

    init(in folder: FilePath) throws {
        self.folder = folder.appending("shop")
        try SampleProject.umbrella.copy(to: self.folder)
        source = self.folder.appending("apps/web/lib/web/router.ex")
        text = try source.readText()
        try self.folder.appending(".dockerignore").write("**/_build\n**/deps\n")
    }

    /// Changes one line of the web application.
    func edit(_ edition: Int) throws {
        try source.write(text + "\ndefmodule Web.Edition do\n  def number, do: \(edition)\nend\n")
    }

    /// What the container needs to start.
    static let secret = "SECRET_KEY_BASE=" + WatchedProject.secret
}

/// mixpack, and the engine's own command to run what it loaded.
struct MixpackLoop: LoopBuilder {
    private let engine: TestEngine
    private let mixpack: MixpackProgram

    init(_ engine: TestEngine, home: FilePath) throws {
        self.engine = engine
        mixpack = try MixpackProgram(home: home.appending("loop"))
    }

    func build(_ project: FilePath) async throws -> Double {
        try await mixpack.run(
            ["build", "shop", "--path", project.string, "--release", "web_rel", "--ui=plain"],
            environment: MixpackProgram.engine(at: engine.host)
        ).succeeded().seconds
    }

    func start() async throws {
        _ = try await engine.docker(
            "run", "-d", "--name", "own", "--network", "host", "-e", ShopProject.secret, "shop"
        ).succeeded()
    }

    func stop() async throws { _ = try await engine.docker("rm", "-f", "own").succeeded() }
}

/// `docker build` or `podman build` of a multi-stage Dockerfile, on base images of this distribution's packages.
struct DockerfileBuilder: LoopBuilder {
    private let engine: TestEngine
    private let program: FilePath
    private let options: [String]
    private let dockerfile: FilePath

    /// - Parameter text: the Dockerfile's.
    init(
        _ engine: TestEngine, in folder: FilePath, _ base: BaseArchives, dockerfile text: String
    ) async throws {
        self.engine = engine
        dockerfile = folder.appending("Dockerfile")
        try dockerfile.write(text)
        // podman wants the file that docker does without.
        try folder.appending("config.json").write("{}")
        switch engine.kind {
        case .docker:
            // The client of docker.io brings the daemon's own BuildKit along; others want a plugin of theirs.
            let own: FilePath = "/usr/bin/docker"
            program = own.isThere ? own : try findTool("docker", package: "docker.io")
            options = ["-H", engine.host]
        case .podman:
            program = try findTool("podman")
            let runtime = folder.appending("runtime")
            try runtime.write(RuntimeScript.text(runc: try findTool("runc")), mode: 0o755)
            options = [
                "--root", "\(folder)/root", "--runroot", "\(folder)/run", "--tmpdir", "\(folder)/tmp",
                "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime", runtime.string,
            ]
        }
        _ = try await run("import", base.build.string, "localhost/bench-build").succeeded()
        _ = try await run("import", base.run.string, "localhost/bench-run").succeeded()
    }

    func build(_ project: FilePath) async throws -> Double {
        let layers = engine.kind == .podman ? ["--layers"] : []
        return try await run(
            ["build"] + layers + [
                "--network", engine.kind == .podman ? "none" : "host", "-f", dockerfile.string, "-t", "theirs",
                project.string,
            ]
        ).succeeded().seconds
    }

    func start() async throws {
        _ = try await run("run", "-d", "--name", "theirs", "--network", "host", "-e", ShopProject.secret, "theirs")
            .succeeded()
    }

    func stop() async throws { _ = try await run("rm", "-f", "theirs").succeeded() }

    /// Ends the container as an engine ends one in order, and removes it.
    func stopInOrder() async throws {
        _ = try await run("stop", "-t", "10", "theirs").succeeded()
        try await stop()
    }

    /// Removes images and mounts that are not the engine's.
    func end() async {
        if engine.kind == .podman { _ = try? await run("system", "reset", "-f") }
    }

    private func run(_ arguments: String...) async throws -> ProgramEnd { try await run(arguments) }

    private func run(_ arguments: [String]) async throws -> ProgramEnd {
        try await engine.runInside(
            program, options + arguments,
            environment: [
                "DOCKER_BUILDKIT": "1", "XDG_RUNTIME_DIR": nil, "CONTAINER_HOST": nil, "DOCKER_HOST": nil,
                "DOCKER_CONTEXT": nil, "DOCKER_CONFIG": dockerfile.removingLastComponent().string,
            ], within: .seconds(300))
    }

    /// For the umbrella sample.
    static let umbrella = dockerfile(
        """
        COPY mix.exs ./
        COPY config config
        COPY apps/core/mix.exs apps/core/
        COPY apps/web/mix.exs apps/web/
        COPY apps/worker/mix.exs apps/worker/
        RUN mix deps.compile
        COPY apps apps
        RUN mix compile && mix release web_rel
        """, release: "web_rel")

    /// For an application called mini without dependencies.
    static let small = dockerfile(
        """
        COPY mix.exs ./
        COPY lib lib
        RUN mix release
        """, release: "mini")

    private static func dockerfile(_ steps: String, release: String) -> String {
        """
        FROM localhost/bench-build AS build
        ENV MIX_ENV=prod LANG=C.UTF-8
        WORKDIR /app
        \(steps)

        FROM localhost/bench-run
        ENV LANG=C.UTF-8
        WORKDIR /app
        COPY --from=build /app/_build/prod/rel/\(release) ./
        CMD ["/app/bin/\(release)", "start"]

        """
    }
}

extension [Double]? {
    /// The one in the middle.
    fileprivate var median: Double { (self ?? []).median }
}

extension [Double] {
    /// The one in the middle.
    fileprivate var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}
