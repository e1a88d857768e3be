import SystemPackage
import TestSupport

/// The loop of whoever leaves the console open beside the editor: a file is saved, and the new code answers HTTP.
///
/// The console watches, builds, loads and restarts. The others get their commands by hand, with no time between them. Both
/// stop the old container in order, which takes the BEAM a second.
struct WatchBenchmark: Benchmark {
    static let name = "watch"
    private static let rounds = 5

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let base = try await BaseArchives(in: folder.appending("bases"))
            for kind in TestEngine.Kind.allCases {
                for make in [WatchedProject.small, WatchedProject.umbrella] {
                    try await TestEngine.run(kind) { engine in
                        try await measure(make, engine, base)
                    }
                }
            }
        }
    }

    private func measure(
        _ make: @Sendable (FilePath) throws -> WatchedProject, _ engine: TestEngine, _ base: BaseArchives
    ) async throws {
        try await withTemporaryFolder { @Sendable place in
            let own = try await console(try make(place.appending("own")), engine, in: place)
            let project = try make(place.appending("theirs"))
            let other = try await commands(project, engine, in: place, base)
            let kind = engine.kind.rawValue
            report("\(kind), \(project.name): file saved, new code answers: medians of \(Self.rounds)")
            report("  mixpack \(own.hundredths) s, \(kind) build, stop and run \(other.hundredths) s")
            let ratio = own / other
            report("  \(ratio <= 0.4 ? "reached" : "MISSED "): \(ratio.hundredths) × theirs, to be at most 0.4")
        }
    }

    /// The seconds of the console's loop.
    private func console(_ project: WatchedProject, _ engine: TestEngine, in place: FilePath) async throws -> Double {
        let mixpack = try MixpackProgram(home: place.appending("home"))
        let variables = MixpackProgram.engine(at: engine.host).merging(
            ["TERM": "tmux-256color", "SECRET_KEY_BASE": WatchedProject.secret]
        ) { $1 }
        return try await TmuxSession.run(
            mixpack.executable, [project.folder.string, "--watch", "--secret", "SECRET_KEY_BASE"] + project.arguments,
            environment: mixpack.merged(with: variables), workingDirectory: place, columns: 120, rows: 40, in: place
        ) { session in
            try await session.wait(for: "[1 Project]")
            try await session.press("6", "Tab", "j", "j", "e", "C-u")
            try await session.type("host")
            try await session.press("Enter")
            try await session.wait(for: "network changed")
            try await session.press("b")
            try await session.wait(for: "built in", within: .seconds(120))
            try await session.press("6", "r")
            try await project.waitForAnswer(0, engine)
            let seconds = try await median { edition in
                try project.answer(edition)
                try await project.waitForAnswer(edition, engine)
            }
            try await session.press("K")
            try await session.wait(for: "stopped")
            return seconds
        }
    }

    /// The seconds of the engine's own commands.
    private func commands(
        _ project: WatchedProject, _ engine: TestEngine, in place: FilePath, _ base: BaseArchives
    ) async throws -> Double {
        let builder = try await DockerfileBuilder(
            engine, in: place.appending("builder"), base, dockerfile: project.dockerfile)
        _ = try await builder.build(project.folder)
        try await builder.start()
        try await project.waitForAnswer(0, engine)
        let seconds = try await median { edition in
            try project.answer(edition)
            _ = try await builder.build(project.folder)
            try await builder.stopInOrder()
            try await builder.start()
            try await project.waitForAnswer(edition, engine)
        }
        try await builder.stop()
        await builder.end()
        return seconds
    }

    /// The seconds of a round in the middle; what a round leaves behind settles before the next.
    private func median(_ round: (Int) async throws -> Void) async throws -> Double {
        var seconds: [Double] = []
        for edition in 1...Self.rounds {
            try await Task.sleep(for: .seconds(2))
            let start = ContinuousClock.now
            try await round(edition)
            seconds.append((ContinuousClock.now - start).inSeconds)
        }
        return seconds.sorted()[Self.rounds / 2]
    }
}

/// A project that answers `GET /health` with the number of its edition.
struct WatchedProject {
    let name: String
    let folder: FilePath
    /// What chooses its release.
    let arguments: [String]
    let dockerfile: String
    private let source: FilePath
    private let text: String

    /// What the umbrella needs to start.
    static let secret = String(repeating: "0123456789abcdef", count: 4)

    private init(
        _ name: String, in folder: FilePath, source: String, arguments: [String] = [], dockerfile: String
    ) throws {
        self.name = name
        self.folder = folder
        self.arguments = arguments
        self.dockerfile = dockerfile
        self.source = folder.appending(source)
        text = try self.source.readText()
        try folder.appending(".dockerignore").write("**/_build\n**/deps\n")
        try answer(0)
    }

    /// One application of one module.
    static func small(in folder: FilePath) throws -> WatchedProject {
        var project = MiniProject()
        project.files = ["lib/mini.ex": server]
        try project.write(to: folder)
        return try WatchedProject(
            "one module", in: folder, source: "lib/mini.ex", dockerfile: DockerfileBuilder.small)
    }

    /// The umbrella sample, of the shape of a Phoenix project.
    static func umbrella(in folder: FilePath) throws -> WatchedProject {
        try SampleProject.umbrella.copy(to: folder)
        return try WatchedProject(
            "umbrella", in: folder, source: "apps/web/lib/web/router.ex", arguments: ["--release", "web_rel"],
            dockerfile: DockerfileBuilder.umbrella)
    }

    /// Changes what it answers.
    func answer(_ edition: Int) throws {
        try source.write(text.replacing(#""ok\n""#, with: #""edition \#(edition)\n""#))
    }

    func waitForAnswer(_ edition: Int, _ engine: TestEngine) async throws {
        let ask = "curl -fs -m 1 http://127.0.0.1:4000/health 2> /dev/null | grep -qx 'edition \(edition)'"
        _ = try await engine.runInside(
            "/bin/sh", ["-c", "until \(ask); do sleep 0.02; done"], within: .seconds(60)
        ).succeeded()
    }

    private static let server = #"""
        defmodule Mini do
          use Application

          def start(_type, _arguments) do
            Supervisor.start_link([{Task, &listen/0}], strategy: :one_for_one)
          end

          defp listen do
            {:ok, listener} = :gen_tcp.listen(4000, [:binary, active: false, reuseaddr: true])
            answer(listener)
          end

          defp answer(listener) do
            {:ok, socket} = :gen_tcp.accept(listener)
            :gen_tcp.recv(socket, 0, 5000)
            body = "ok\n"
            head = "HTTP/1.1 200 OK\r\nContent-Length: #{byte_size(body)}\r\nConnection: close\r\n\r\n"
            :gen_tcp.send(socket, head <> body)
            :gen_tcp.close(socket)
            answer(listener)
          end
        end

        """#
}
