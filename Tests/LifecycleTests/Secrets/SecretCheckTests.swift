import BuildpackAPI
import Diagnostics
import FoundationEssentials
import OCIImage
import SecretSearch
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Secrets in layers")
struct SecretCheckTests {
    private static let value = "m4rk3r-m4rk3r-m4rk3r"
    private static let token = PlatformVariable(name: "API_TOKEN", value: value)

    /// A buildpack with one launch layer of these files.
    private static func writing(
        _ files: [String: String], change: @escaping @Sendable (inout BuildResult) -> Void = { _ in }
    ) -> StaticBuildpack {
        var buildpack = StaticBuildpack("writing")
        buildpack.make = { context in
            for (path, text) in files { try context.layersDirectory.appending("code").appending(path).write(text) }
            var result = BuildResult(
                layers: [LayerContribution("code", types: .launch)],
                processes: [ProcessType("web", command: ["/bin/true"], isDefault: true)])
            change(&result)
            return result
        }
        return buildpack
    }

    @Test(
        "A value in a layer stops the export, whatever form it has, and names file and line",
        arguments: [
            value, Data(value.utf8).base64EncodedString(), Data("u:\(value)".utf8).base64EncodedString(),
            value.utf8.map(String.init).joined(separator: ","),
        ])
    func stops(text: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([Self.writing(["etc/settings": "one\ntoken = \(text)\n"])]) {
                $0.variables = [Self.token]
            }
            let failure = try #require(events.failure)
            #expect(failure.exitCode == 1)
            #expect(failure.phase == .export)
            #expect(failure.secret == "API_TOKEN")
            #expect(failure.file == "etc/settings")
            #expect(failure.line == 2)
            #expect(failure.message.contains("etc/settings:2 of layer code"))
            #expect(failure.advice?.contains("--allow-secret API_TOKEN") == true)
            #expect(try bench.store.image(for: Reference("app")) == nil)
            #expect(!events.text.contains(Self.value))
        }
    }

    @Test("A file that was copied out of the project is named by its place there")
    func copied() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            try bench.project.appending("priv/keys.txt").write("# keys\n\n\(Self.value)\n")
            let events = try await bench.build([Self.writing(["lib/app-1/priv/keys.txt": Self.value])]) {
                $0.variables = [Self.token]
            }
            #expect(events.failure?.file == "priv/keys.txt")
            #expect(events.failure?.line == 3)
        }
    }

    @Test("What is allowed goes on with a warning and a label")
    func allowed() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([Self.writing(["settings": Self.value])]) {
                $0.variables = [Self.token]
                $0.allowedSecrets = ["API_TOKEN"]
            }
            #expect(events.report != nil)
            #expect(events.text.contains("the value of API_TOKEN is in the image, as you allowed"))
            let labels = try bench.store.image(for: Reference("app"))?.configuration.config.labels
            #expect(labels?["io.mixpack.compiled-secrets"] == "API_TOKEN")
        }
    }

    @Test(
        "Configuration that compiles a value in is labelled; code that does, or another file, stops",
        arguments: [
            ([CompiledSecret(name: "API_TOKEN", file: "config/config.exs", line: 3, endings: ["sys.config"])], true),
            ([CompiledSecret(name: "API_TOKEN", file: "config/config.exs", line: 3, endings: [".beam"])], false),
            ([CompiledSecret(name: "OTHER_TOKEN", file: "config/config.exs", line: 3)], false),
            (
                [
                    CompiledSecret(name: "API_TOKEN", file: "config/config.exs", line: 3),
                    CompiledSecret(name: "API_TOKEN", file: "lib/a.ex", line: 7, kind: .code, endings: ["sys.config"]),
                ], false
            ),
        ])
    func expected(readers: [CompiledSecret], isFine: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = Self.writing(["releases/1/sys.config": Self.value]) { $0.compiledSecrets = readers }
            let events = try await bench.build([buildpack]) { $0.variables = [Self.token] }
            #expect((events.report != nil) == isFine, "\(events.failure?.message ?? "")")
            if readers.contains(where: { $0.kind == .code }) {
                #expect(events.failure?.file == "lib/a.ex")
                #expect(events.failure?.line == 7)
            }
        }
    }

    @Test("A value in the image's configuration or in a process stops the export")
    func configuration() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let changes: [@Sendable (inout BuildResult) -> Void] = [
                { $0.imageEnvironment["A"] = "x\(Self.value)" }, { $0.labels["a"] = Self.value },
                { $0.processes[0].arguments = [Self.value] },
            ]
            for change in changes {
                let events = try await bench.build([Self.writing(["a": "a"], change: change)]) {
                    $0.variables = [Self.token]
                }
                #expect(events.failure?.secret == "API_TOKEN")
                #expect(!events.text.contains(Self.value))
            }
        }
    }

    @Test("A secret that the build does not get must not be in the image either")
    func withheld() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = Self.writing(["priv/production.key": Self.value])
            let events = try await bench.build([buildpack]) { $0.withheldSecrets = [Self.token] }
            #expect(events.failure?.secret == "API_TOKEN")
            #expect(try await bench.build([buildpack]).report != nil)
        }
    }

    @Test("A layer that did not change is not read again, unless the secrets change")
    func scannedOnce() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = Self.writing(["settings": "not \(Self.value.dropLast())"])
            buildpack.knownDependencies = nil
            let make = buildpack.make
            _ = try await bench.build([buildpack]) { $0.variables = [Self.token] }
            let record = bench.cache.records.appending("secret-scans.json")
            let text = try record.readText()
            #expect(!text.contains(Self.value))
            #expect(text.contains("sha256:"))
            // What the record says counts as long as the layer and the secrets are the same.
            let layer = try #require(
                try bench.store.image(for: Reference("app"))?.layers.last?.diffID.description)
            let finding = #"[{"form":"plain","isCompressed":false,"name":"API_TOKEN","path":"remembered"}]"#
            let escaped = layer.replacing("/", with: "\\/")
            try record.write(text.replacing("\"\(escaped)\":[]", with: "\"\(escaped)\":\(finding)"))
            buildpack.make = make
            let again = try await bench.build([buildpack]) { $0.variables = [Self.token] }
            #expect(again.failure?.message.contains("remembered") == true, "\(again.failure?.message ?? text)")
            let other = PlatformVariable(name: "API_TOKEN", value: "another-value-altogether")
            #expect(try await bench.build([buildpack]) { $0.variables = [other] }.report != nil)
        }
    }

    @Test("What a buildpack tells of a secret is in no file of the cache")
    func record() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var telling = Self.writing(["settings": "nothing"])
            let make = telling.make
            telling.make = { context in
                context.reporter(.diagnostic(Diagnostic(.warning, "saw \(Self.value)", file: Self.value)))
                var result = try await make(context)
                result.layers[0].reason = "because of \(Self.value)"
                return result
            }
            telling.result = .pass(
                BuildPlan(
                    provides: ["a"], requires: [BuildPlan.Requirement("a", metadata: ["v": .string(Self.value)])]))
            let events = try await bench.build([telling]) { $0.variables = [Self.token] }
            #expect(events.report != nil, "\(events.failure?.message ?? "")")
            #expect(!events.text.contains(Self.value))
            #expect(try await filesHolding(Self.value, in: bench.cacheRoot) == [])
        }
    }

    @Test("The project's cache is for its owner alone, also where its folder was open before")
    func modes() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            try bench.cache.directory.makeFolder()
            try bench.cache.directory.setMode(0o755)
            _ = try await bench.build([Self.writing(["a": "a"])])
            let find = [bench.cache.directory.string, "-maxdepth", "2", "-type", "d"]
            #expect(try await run("/usr/bin/find", find).succeeded().lines.count > 3)
            #expect(try await run("/usr/bin/find", find + ["-perm", "/077"]).succeeded().lines == [])
        }
    }

    @Test("The last 64 layers that were looked through are known again, as long as the secrets are the same")
    func knownLayers() throws {
        try withTemporaryFolder { folder in
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            try cache.prepare()
            let layers = try (0..<66).map { try Digest(hex: String(repeating: "0", count: 62) + "\($0 + 10)") }
            let finding = SecretFinding(name: "API_TOKEN", path: "x", form: .plain)
            var scans = try LayerScans(secrets: ["API_TOKEN": Self.value], in: cache)
            for layer in layers.dropLast() { scans.keep([finding], of: layer) }
            scans.keep([finding], of: layers[1])
            scans.keep([], of: layers[65])
            try scans.write(to: cache)
            let read = try LayerScans(secrets: ["API_TOKEN": Self.value], in: cache)
            #expect(layers.filter { read.findings(in: $0) == nil } == [layers[0], layers[2]])
            #expect(read.findings(in: layers[1]) == [finding] && read.findings(in: layers[65]) == [])
            let other = try LayerScans(secrets: ["API_TOKEN": Self.value + "x"], in: cache)
            #expect(layers.allSatisfy { other.findings(in: $0) == nil })
        }
    }
}
