import BuildpackAPI
import Commands
import Diagnostics
import Glibc
import MixInspection
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Elixir and Erlang that the machine lacks")
    struct ToolchainSupplyTests {
        /// Packing takes seconds: once for all tests, which only read it.
        private static let packed = Task { try await BuildsMirror(in: try makeTemporaryFolder().appending("mirror")) }

        /// A mirror that a test may spoil, its server, and a machine without Erlang and Elixir.
        private struct Bench {
            let folder: FilePath
            let mirror: BuildsMirror
            let server: FileServer
            let path: String
            var settings: DownloadSettings
            let notices = Notices()

            init(_ folder: FilePath) async throws {
                self.folder = folder
                mirror = try await packed.value
                server = try FileServer(serving: mirror.folder)
                path = try bareMachinePath(in: folder.appending("tools"))
                settings = DownloadSettings(builds: server.url)
            }

            var store: FilePath { folder.appending("kept toolchains") }

            func supply(library: String = "2.36") -> ToolchainSupply {
                ToolchainSupply(
                    root: store, settings: settings, downloader: FileDownloader(), runner: SubprocessCommandRunner(),
                    library: library)
            }

            func toolchain(_ files: [String: String], library: String = "2.36") throws -> ProjectToolchain {
                let project = folder.appending("app")
                for (path, text) in files { try project.appending(path).write(text) }
                return ProjectToolchain(
                    of: project, variables: [:], environment: ["PATH": path, "HOME": "/nonexistent"],
                    supply: supply(library: library))
            }

            /// What asks for exactly what the mirror has.
            var exact: [String: String] {
                [
                    ".tool-versions":
                        "elixir \(mirror.elixirVersion)-otp-\(mirror.otpMajor)\nerlang \(mirror.otpVersion)\n"
                ]
            }
        }

        private final class Notices: Sendable {
            private let lines = Mutex<[String]>([])
            var all: [String] { lines.withLock { $0 } }
            func take(_ line: String) { lines.withLock { $0.append(line) } }
        }

        @Test("are fetched, named before they are, checked, and kept: then neither server nor network is needed")
        func provided() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let asked = try bench.toolchain(bench.exact)
                guard case .lacking(let need) = try asked.state() else { throw TestSupportError("nothing is lacking") }
                #expect(need.text.contains("(.tool-versions:1) and OTP \(bench.mirror.otpVersion) (.tool-versions:2)"))
                #expect(bench.server.requests.isEmpty)
                let toolchain = try await asked.provide(notice: bench.notices.take)
                #expect(toolchain.elixirVersion == bench.mirror.elixirVersion)
                #expect(toolchain.otpVersion == bench.mirror.otpVersion)
                #expect(toolchain.erlangRoot.string.hasPrefix(bench.store.string))
                #expect(
                    bench.notices.all.first?.hasSuffix(
                        "fetching OTP-\(bench.mirror.otpVersion) from \(bench.server.url)"
                            + bench.mirror.erlangArchive) == true, "\(bench.notices.all)")
                #expect(bench.server.requests.count == 4)
                let said = try await run(
                    toolchain.elixirRoot.appending("bin/elixir"), ["-e", "IO.puts(:code.root_dir())"],
                    environment: ["PATH": "\(toolchain.erlangRoot)/bin:\(bench.path)"]
                ).succeeded()
                #expect(said.lines.last == toolchain.erlangRoot.string)
                // Nothing of the place where it was set up is left, and nothing unfinished.
                #expect(try bench.store.names().allSatisfy { !$0.hasPrefix(".part") })
                #expect(try !toolchain.erlangRoot.appending("bin/erl").readText().contains(".part"))
                bench.server.stop()
                #expect(try await asked.provide(notice: bench.notices.take) == toolchain)
                // A less exact request is met by what is kept.
                let vague = try bench.toolchain([".tool-versions": "erlang \(bench.mirror.otpMajor)\n"])
                #expect(try vague.state() == .ready(toolchain))
            }
        }

        @Test("one that something else has changed is removed, and fetched again")
        func damaged() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let asked = try bench.toolchain(bench.exact)
                let reports = ReportCollector()
                let reporter = BuildpackReporter(reports.take)
                let toolchain = try await asked.provideIntact(reporter)
                let requests = bench.server.requests.count
                #expect(try await asked.provideIntact(reporter) == toolchain && bench.server.requests.count == requests)
                let module = toolchain.elixirRoot.appending("lib/elixir/ebin/Elixir.Enum.beam")
                let whole = try module.readBytes()
                try Corruption.flip(module)
                #expect(try await asked.provideIntact(reporter) == toolchain)
                #expect(try module.readBytes() == whole)
                #expect(
                    reports.notices.contains(
                        "something else has changed \(toolchain.elixirRoot) since mixpack made it: it is removed"))
                bench.server.stop()
                try Corruption.flip(toolchain.erlangRoot.appending("bin/erl"))
                await #expect(throws: Failure.self) { try await asked.provideIntact(reporter) }
                #expect(!toolchain.erlangRoot.exists)
            }
        }

        @Test("a whole release is built on a machine without either, and starts with its own Erlang")
        func wholeBuild() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let supply = bench.supply()
                let project = folder.appending("app")
                for (path, text) in SmallApp.files(more: bench.exact) { try project.appending(path).write(text) }
                let buildpacks: [any Buildpack] = [
                    ErlangRuntimeBuildpack(version: "1", supply: supply),
                    ElixirRuntimeBuildpack(version: "1", supply: supply),
                    MixReleaseBuildpack(version: "1", runner: SubprocessCommandRunner(), supply: supply),
                ]
                let reports = ReportCollector()
                let cache = folder.appending("cache")
                try cache.makeFolder()
                let environment = ["PATH": bench.path, "HOME": "/nonexistent"]
                for buildpack in buildpacks {
                    let context = DetectContext(
                        applicationDirectory: project, platformVariables: [:], environment: environment,
                        cacheDirectory: cache, reporter: BuildpackReporter(reports.take))
                    guard case .pass(let plan) = try await buildpack.detect(context) else {
                        throw TestSupportError("\(buildpack.descriptor.id) does not pass")
                    }
                    let erlang = plan.requires.first { $0.name == "erlang" }
                    #expect(erlang?.metadata["version"] == .string(bench.mirror.otpVersion))
                    #expect(try await buildpack.dependencies(context) == nil)
                }
                #expect(bench.server.requests.isEmpty)
                var path = bench.path
                var results: [BuildResult] = []
                for buildpack in buildpacks {
                    let layers = folder.appending("layers").appending(buildpack.descriptor.id)
                    try layers.makeFolder()
                    let result = try await buildpack.build(
                        BuildContext(
                            applicationDirectory: project, layersDirectory: layers, platformVariables: [:],
                            secretNames: [], environment: environment.merging(["PATH": path]) { $1 }, plan: [],
                            cacheDirectory: cache, reporter: BuildpackReporter(reports.take)))
                    for layer in result.layers where layer.types.contains(.build) {
                        path = "\(layers.appending(layer.name).appending("bin")):\(path)"
                    }
                    results.append(result)
                }
                #expect(bench.server.requests.count == 4)
                #expect(results[0].layers.first?.types == .build)
                #expect(results[2].layers.map(\.name).contains("release"))
                let release = folder.appending("layers/\(BuildpackID.mixRelease)/release")
                let started = try await run(
                    release.appending("bin/small"), ["eval", "IO.puts(:erlang.system_info(:otp_release))"],
                    environment: ["PATH": bench.path, "RELEASE_COOKIE": "x"]
                ).succeeded()
                #expect(started.lines.last == bench.mirror.otpMajor)
                #expect(!reports.commands.isEmpty)
            }
        }

        @Test(
            "a bad answer leaves nothing behind and is said in one line",
            arguments: [
                ("archive", "cut off", "cannot be reached"),
                ("archive", "altered", "is not the file in its list: sha256"),
                ("archive", "page", "something other than OTP-"), ("archive", "none", "has no OTP-"),
                ("archive", "503", "answered 503"), ("list", "page", "something other than builds.txt"),
                ("list", "none", "has no builds.txt"), ("list", "empty", "something other than builds.txt"),
                ("archive", "other bytes", "cannot unpack"),
            ])
        func badAnswers(what: String, how: String, words: String) async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let path = what == "list" ? bench.mirror.erlangList : bench.mirror.erlangArchive
                let page = "<!DOCTYPE html>\n<html><body>Bad gateway</body></html>"
                switch how {
                case "cut off": bench.server.answer(path, with: .cutOff(after: 100_000))
                case "altered": bench.server.answer(path, with: .status(200, "\u{1f}altered"))
                case "page": bench.server.answer(path, with: .status(200, page))
                case "none": bench.server.answer(path, with: .status(404, page))
                case "empty": bench.server.answer(path, with: .status(200, ""))
                case "other bytes": try await withoutDigest(bench, folder)
                default: bench.server.answer(path, with: .status(503, "busy"))
                }
                let asked = try bench.toolchain(bench.exact)
                let error = await #expect(throws: Failure.self) { try await asked.provide(notice: bench.notices.take) }
                #expect(error?.message.contains(words) == true, "\(String(describing: error))")
                #expect(error?.message.contains("\n") == false)
                #expect(error?.advice?.isEmpty == false)
                let left = try bench.store.names()
                #expect(left.allSatisfy { $0.hasSuffix(".txt") }, "\(left)")
            }
        }

        /// An archive that begins as one and is none, in a list without checksums: builds from before 2024 have none.
        private func withoutDigest(_ bench: Bench, _ folder: FilePath) async throws {
            let lines = "OTP-\(bench.mirror.otpVersion) 0a 2023-01-24T10:00:00Z\n"
            bench.server.answer(bench.mirror.erlangList, with: .status(200, lines))
            let bytes = String(decoding: [0x1f] as [UInt8], as: UTF8.self) + "no archive"
            let other = folder.appending("other")
            try other.appending("x.tar.gz").write(bytes)
            let gzip = try await run("/bin/sh", ["-c", "echo no archive | gzip > '\(bench.mirror.folder)/broken.gz'"])
            _ = try gzip.succeeded()
            bench.server.answer(bench.mirror.erlangArchive, with: .redirect("/broken.gz"))
        }

        @Test("a list that cannot be had is replaced by the one fetched last, and a redirect is followed")
        func lists() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let asked = try bench.toolchain(bench.exact)
                bench.server.answer(bench.mirror.elixirArchive, with: .status(500, "later"))
                let later = await #expect(throws: Failure.self) { try await asked.provide(notice: { _ in }) }
                #expect(later?.message.contains("500") == true, "\(later?.message ?? "")")
                // The Erlang is there by now; the list of Elixirs is kept.
                bench.server.answer(bench.mirror.elixirList, with: .status(502, "gone"))
                bench.server.answer(bench.mirror.elixirArchive, with: .redirect("/moved.zip"))
                let archive = bench.mirror.folder.appending(String(bench.mirror.elixirArchive.dropFirst()))
                try archive.copy(to: bench.mirror.folder.appending("moved.zip"))
                _ = try await asked.provide(notice: bench.notices.take)
                #expect(
                    bench.notices.all.contains {
                        $0.contains("answered 502") && $0.contains("using the last list of builds")
                    })
                #expect(!bench.notices.all.contains { $0.contains("fetching OTP-") })
            }
        }

        @Test("offline, out of reach, or where there is no build, it is one line with what to try")
        func notToBeHad() async throws {
            try await withTemporaryFolder { folder in
                var bench = try await Bench(folder)
                let missing = [".tool-versions": "erlang 26.9\n"]
                let none = await #expect(throws: Failure.self) {
                    try await bench.toolchain(missing).provide(notice: { _ in })
                }
                #expect(none?.message == "no build of OTP 26.9 (.tool-versions:1)")
                #expect(none?.choices == ["99.0-rc1", bench.mirror.otpVersion])
                let old = await #expect(throws: Failure.self) {
                    try await bench.toolchain(bench.exact, library: "2.28").provide(notice: { _ in })
                }
                #expect(old?.advice?.contains("glibc 2.35") == true)
                bench.settings.isOffline = true
                let offline = await #expect(throws: Failure.self) {
                    try await bench.toolchain(bench.exact).provide(notice: { _ in })
                }
                #expect(offline?.message.contains("may not use the network") == true)
                #expect(offline?.advice?.contains("MIXPACK_OFFLINE") == true)
                bench.settings = DownloadSettings(builds: "http://127.0.0.1:9/")
                let away = await #expect(throws: Failure.self) {
                    try await bench.toolchain(bench.exact).provide(notice: { _ in })
                }
                #expect(away?.message.contains("127.0.0.1:9 cannot be reached") == true)
                #expect(away?.advice?.contains("MIXPACK_BUILDS_URL") == true)
                #expect(away?.advice?.contains("apt-get install") == true)
                #expect(away?.code == .noToolchain)
            }
        }

        @Test("what a killed process left is removed, and what another one is making is not")
        func leftovers() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                try bench.store.appending(".part-2147483000-1/x").write("")
                try bench.store.appending(".part-\(getpid())-1/x").write("")
                let asked = try bench.toolchain([".tool-versions": "erlang 26.9\n"])
                let none = await #expect(throws: Failure.self) { try await asked.provide(notice: { _ in }) }
                #expect(none?.message.hasPrefix("no build of OTP 26.9") == true)
                #expect(!bench.store.appending(".part-2147483000-1").isThere)
                #expect(bench.store.appending(".part-\(getpid())-1").isThere)
            }
        }

        @Test("a cancelled installation leaves nothing unfinished")
        func cancelled() async throws {
            try await withTemporaryFolder { folder in
                let bench = try await Bench(folder)
                let asked = try bench.toolchain(bench.exact)
                let task = Task { try await asked.provide(notice: bench.notices.take) }
                try await eventually("the download") { bench.notices.all.contains { $0.contains("fetching OTP-") } }
                try await eventually("its file") { try bench.store.names().contains { $0.hasPrefix(".part") } }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                let left = try bench.store.names()
                #expect(left.allSatisfy { $0.hasSuffix(".txt") }, "\(left)")
            }
        }

        @Test(
            "the builds that run with a C library are those made with it or an older one",
            arguments: [
                ("2.28", []), ("2.35", ["ubuntu-22.04"]), ("2.36", ["ubuntu-22.04"]),
                ("2.41", ["ubuntu-24.04", "ubuntu-22.04"]), ("", []),
                // Numbers, not texts: 2.4 is older than 2.35, and 2.100 newer than 2.43.
                ("2.4", []), ("2.9", []), ("2.100", ["ubuntu-26.04", "ubuntu-24.04", "ubuntu-22.04"]),
                ("3.0", ["ubuntu-26.04", "ubuntu-24.04", "ubuntu-22.04"]),
            ])
        func libraries(version: String, releases: [String]) {
            #expect(UbuntuRelease.fitting(version) == releases)
        }

        @Test("variables say where from, before the settings; offline is a word of its own")
        func settings() {
            let standard = DownloadSettings()
            #expect(standard.builds == "https://builds.hex.pm")
            #expect(standard.adding(["HEX_BUILDS_URL": "http://a/"]).builds == "http://a")
            #expect(
                standard.adding(["HEX_BUILDS_URL": "http://a", "MIXPACK_BUILDS_URL": "http://b"]).builds == "http://b")
            #expect(standard.adding(["HEX_MIRROR": "http://c"]).hex == "http://c")
            #expect(standard.adding(["MIXPACK_BUILDS_URL": ""]) == standard)
            #expect(["1", "true"].allSatisfy { standard.adding(["HEX_OFFLINE": $0]).isOffline })
            #expect(["", "0", "false"].allSatisfy { !standard.adding(["MIXPACK_OFFLINE": $0]).isOffline })
        }
    }
}
