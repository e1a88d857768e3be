import Commands
import Diagnostics
import Files
import Glibc
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("Builders' images of a release of Debian")
struct DebianImagesTests {
    /// Notes what is started; mmdebstrap packs a root that is there, unless it fails.
    private final class Runner: CommandRunner {
        private let inner = SubprocessCommandRunner(scopes: nil)
        private let commands = Mutex<[Command]>([])
        private let fails = Mutex(false)
        private let root: FilePath

        init(root: FilePath) { self.root = root }

        var started: [Command] { commands.withLock { $0 } }
        func fail() { fails.withLock { $0 = true } }
        func sandboxStatus() async -> SandboxStatus { await inner.sandboxStatus() }

        func run(
            _ command: Command, onOutput: @escaping @Sendable (CommandOutput) -> Void
        ) async throws -> Termination {
            guard command.executable.string.hasSuffix("mmdebstrap") else {
                return try await inner.run(command, onOutput: onOutput)
            }
            commands.withLock { $0.append(command) }
            if fails.withLock({ $0 }) {
                let script = "echo I: running apt-get update...; echo E: no answer; echo I: cleaning; exit 1"
                let failing = Command("/bin/sh", ["-c", script], workingDirectory: "/")
                return try await inner.run(failing, onOutput: onOutput)
            }
            let archive = try #require(command.arguments.first { $0.hasSuffix("root.tar") })
            let pack = Command(
                "tar", ["--create", "--file", archive, "--directory", root.string, "."],
                environment: ["PATH": ProgramLookup.systemPath], workingDirectory: "/")
            return try await inner.run(pack, onOutput: onOutput)
        }
    }

    private func root(in folder: FilePath) throws -> FilePath {
        let root = folder.appending("root")
        let packages = ["elixir", "dash", "erlang-base", "libtinfo6"]
        let paragraphs = packages.map { name in
            let depends =
                name == "erlang-base" ? "Depends: libtinfo6\n" : name == "elixir" ? "Depends: erlang-base\n" : ""
            return "Package: \(name)\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\(depends)"
        }
        try root.appending("var/lib/dpkg/status").write(paragraphs.joined(separator: "\n"))
        for name in packages {
            try root.appending("usr/lib/\(name)/file").write(name)
            try root.appending("var/lib/dpkg/info/\(name).list").write("/usr/lib/\(name)/file\n")
        }
        try root.appending("usr/lib/os-release").write("ID=debian\nVERSION_ID=\"12\"\n")
        try root.appending("etc").makeFolder()
        try root.appending("etc/os-release").makeLink(to: "../usr/lib/os-release")
        return root
    }

    @Test("They are made from the mirror of the machine, once in some days; without an answer the last ones stay")
    func images() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("apt/sources.list").write(
                "deb [arch=amd64] http://mirror.example/debian bookworm main contrib # comment\n")
            let runner = Runner(root: try root(in: folder))
            let time = Mutex(1_000_000.0)
            let notices = Mutex<[String]>([])
            func images() async throws -> DebianImages.Made {
                try await DebianImages(
                    suite: .trixie, store: ImageStore(root: folder.appending("images")),
                    folder: folder.appending("cache"), runner: runner,
                    environment: ["PATH": "/usr/bin:/bin", "SECRET": "hunter2", "http_proxy": "http://proxy"],
                    now: { time.withLock { $0 } }, sources: folder.appending("apt")
                ).images { text in notices.withLock { $0.append(text) } }
            }
            let made = try await images()
            let told = notices.withLock { $0 }
            #expect(
                told.first?.contains("trixie") == true && told.first?.contains("http://mirror.example/debian") == true)
            let command = try #require(runner.started.first)
            #expect(command.environment["SECRET"] == nil && command.environment["http_proxy"] == "http://proxy")
            let line =
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian trixie main"
            #expect(command.arguments.contains(line), "\(command.arguments)")
            #expect(made.build.image.configuration.config.variable("CNB_USER_ID") == "1000")
            for image in [made.build.image, made.run.image] {
                let labels = image.configuration.config.labels
                #expect(labels["io.buildpacks.base.distro.version"] == "12" && labels["io.buildpacks.stack.id"] != nil)
            }
            let packages = try await RunImagePackages(
                of: made.run.image, blobs: ImageStore(root: folder.appending("images"))
            ).versions
            #expect(packages.keys.sorted() == ["dash", "libtinfo6"])
            #expect(folder.appending("cache").names == ["debian-trixie.json"])

            #expect(try await images().build.image == made.build.image && runner.started.count == 1)
            time.withLock { $0 += 8 * 24 * 3600 }
            #expect(try await images().build.image == made.build.image && runner.started.count == 2)
            runner.fail()
            time.withLock { $0 += 9 * 24 * 3600 }
            #expect(try await images().run.image == made.run.image && runner.started.count == 3)
            #expect(
                notices.withLock { $0.last }?.contains("E: no answer; using the packages that were fetched 9 days ago")
                    == true)
            try folder.appending("cache").remove()
            let failure = await #expect(throws: Failure.self) { _ = try await images() }
            #expect(failure?.code == .fetchFailed && failure?.message.hasSuffix("mmdebstrap: E: no answer") == true)
            #expect(folder.appending("cache").names == [])
        }
    }

    @Test(
        "A real one runs Elixir, compiles C and builds a release",
        .enabled(if: getenv("MIXPACK_SOAK") != nil, "make soak fetches packages of Debian"),
        arguments: [DebianSuite.bookworm, .trixie])
    func real(suite: DebianSuite) async throws {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("images"))
            let made = try await DebianImages(
                suite: suite, store: store, folder: folder.appending("cache"),
                runner: SubprocessCommandRunner(scopes: nil),
                environment: ["PATH": ProgramLookup.systemPath], now: { Double(time(nil)) }
            ).images { _ in }
            let layout = store.layout(of: made.build.reference)
            let bundle = try await ImageBundle(
                layout: layout.path, tag: layout.tag ?? "latest", unpackedTo: folder.appending("build"))
            let script = """
                cd; mix new mini >new.txt; cd mini; MIX_ENV=prod mix release --quiet
                printf 'int main(void) { return 0; }' >a.c; gcc a.c; ./a.out; git --version; id -u; tar -c -C _build/prod/rel .
                """
            let container = try bundle.start(
                name: "mixpack-debian-\(getpid())-\(suite)",
                command: ["/bin/sh", "-euc", script + " >/tmp/release.tar"])
            let end = try await container.program.end(within: .seconds(120))
            await container.remove()
            #expect(end.status == 0 && end.lines.last == "1000", "\(end)")

            let runLayout = store.layout(of: made.run.reference)
            let runBundle = try await ImageBundle(
                layout: runLayout.path, tag: runLayout.tag ?? "latest", unpackedTo: folder.appending("run"))
            let release = bundle.root.appending("tmp/release.tar")
            _ = try await run(
                try findTool("tar"), ["-xf", release.string, "-C", runBundle.root.appending("home/app").string]
            ).succeeded()
            let started = try runBundle.start(
                name: "mixpack-debian-run-\(getpid())-\(suite)",
                command: [
                    "/home/app/mini/bin/mini", "eval", #"IO.puts(Base.encode16(:crypto.hash(:md5, "a")) <> " é")"#,
                ])
            let told = try await started.program.end(within: .seconds(60))
            await started.remove()
            #expect(told.lines == ["0CC175B9C0F1B6A831C399E269772661 é"], "\(told)")
        }
    }

    @Test("mmdebstrap is missing: the user learns which package has it")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("apt/sources.list").write("deb http://mirror.example/debian bookworm main\n")
            let failure = await #expect(throws: Failure.self) {
                _ = try await DebianImages(
                    suite: .bookworm, store: ImageStore(root: folder.appending("images")), folder: folder,
                    runner: SubprocessCommandRunner(scopes: nil), environment: ["PATH": folder.string], now: { 0 },
                    sources: folder.appending("apt")
                ).images { _ in }
            }
            #expect(failure?.code == .notFound && failure?.message.contains("needs mmdebstrap") == true)
            #expect(failure?.advice?.contains("install -y mmdebstrap") == true)
        }
    }

    @Test("Apt's sources in both forms; those of others do not count, nor those that name a password")
    func mirror() throws {
        try withTemporaryFolder { folder in
            try folder.appending("sources.list").write(
                "# deb http://old.example/debian bookworm main\ndeb http://pg.example/debian bookworm-pgdg main\n")
            try folder.appending("sources.list.d/other.list").write(
                "deb https://user:password@private.example/debian bookworm main\n"
                    + "deb https://docker.example/linux/debian bookworm stable\n")
            #expect(throws: Failure.self) { try AptMirror(folder: folder.appending("none")) }
            try folder.appending("sources.list.d/debian.sources").write(
                """
                Types: deb deb-src
                # a comment
                URIs: http://deb.example/debian
                Suites: bookworm bookworm-updates
                Components: main contrib

                Types: deb
                URIs: http://security.example/debian-security
                Suites: bookworm-security
                Components: main
                """)
            let mirror = try AptMirror(folder: folder)
            #expect(mirror.archive == "http://deb.example/debian")
            #expect(mirror.security == "http://security.example/debian-security")
            let lines = mirror.lines(.trixie, keyring: "/key.gpg")
            #expect(
                lines == [
                    "deb [signed-by=/key.gpg] http://deb.example/debian trixie main",
                    "deb [signed-by=/key.gpg] http://deb.example/debian trixie-updates main",
                    "deb [signed-by=/key.gpg] http://security.example/debian-security trixie-security main",
                ])
        }
    }

    @Test("A suite is named as debian:SUITE")
    func suites() throws {
        #expect(try DebianSuite("debian:bookworm") == .bookworm && DebianSuite("debian:trixie") == .trixie)
        for text in ["debian:sid", "ubuntu:noble", "bookworm", "debian:"] {
            let failure = #expect(throws: Failure.self) { try DebianSuite(text) }
            #expect(failure?.choices == ["debian:bookworm", "debian:trixie"])
        }
    }
}
