import BuildpackAPI
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Secrets that an image cannot be checked for")
struct UncheckableTests {
    /// A buildpack with a launch layer whose file holds a text.
    private static func writing(_ text: String, toolchain: [FilePath] = []) -> StaticBuildpack {
        var buildpack = StaticBuildpack("writing")
        buildpack.toolchain = toolchain
        buildpack.make = { context in
            context.reporter(.commandStarted(id: 1, text: "tool --name \(text) x"))
            context.reporter(.commandEnded(id: 1, status: 0, seconds: 0))
            context.reporter(.notice("made the \(text)s"))
            try context.layersDirectory.appending("code/settings").write(text)
            return BuildResult(
                layers: [LayerContribution("code", types: .launch)],
                processes: [ProcessType("web", command: ["/bin/true"], isDefault: true)])
        }
        return buildpack
    }

    private func warnings(_ events: [LifecycleEvent]) -> [String] {
        events.compactMap { event in
            guard case .diagnostic(let diagnostic) = event.kind, diagnostic.severity == .warning else { return nil }
            return diagnostic.text
        }
    }

    @Test(
        "A short value and a common word are named before anything is built, and masked as arguments alone; the build goes on",
        arguments: [
            ("ab", "it has only 2 bytes", "none"),
            ("production", "it is a word that is also in the toolchain", "toolchain"),
            ("release", "it is a word that is also in the project's files", "project"),
            ("etc 2024", "it is a word that is also in the run image", "run image"),
        ])
    func named(value: String, reason: String, place: String) async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            bench.runImageText = place == "run image" ? "in etc 2024" : ""
            let toolchain = folder.appending("toolchain")
            try toolchain.appending("lib/a").write(place == "toolchain" ? "for production only" : "nothing")
            if place == "project" { try bench.project.appending("mix.exs").write("releases: [a: []]") }
            let buildpack = Self.writing(value, toolchain: [toolchain])
            for _ in 0..<2 {
                let events = try await bench.build([buildpack]) {
                    $0.variables = [.init(name: "PIN_KEY", value: value)]
                }
                #expect(events.failure == nil, "\(events.failure?.message ?? "")")
                #expect(warnings(events) == ["the image cannot be checked for the value of PIN_KEY: \(reason)"])
            }
            let again = try await bench.build([Self.writing(value + "", toolchain: [toolchain])]) {
                $0.variables = [.init(name: "PIN_KEY", value: value)]
                $0.clearsCache = true
            }
            let warning = again.firstIndex { if case .diagnostic = $0.kind { true } else { false } }
            let start = again.firstIndex { if case .buildpackStarted = $0.kind { true } else { false } }
            #expect(try #require(warning) < #require(start))
            #expect(!value.contains(" ") == again.text.contains("tool --name [PIN_KEY] x"))
            #expect(again.text.contains("made the \(value)s"))
            let record = bench.cache.records.appending("common-words.json").text
            #expect((record == nil) == (value == "ab") && record?.contains(value) != true)
        }
    }

    @Test(
        "A build that may hold no secret ends over one that cannot be checked, before anything runs, unless it is allowed"
    )
    func forbidden() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([Self.writing("ab")]) {
                $0.variables = [.init(name: "PIN_KEY", value: "ab")]
                $0.forbidsSecrets = true
            }
            #expect(events.failure?.exitCode == 1)
            #expect(
                events.failure?.message == "the image cannot be checked for the value of PIN_KEY: it has only 2 bytes")
            #expect(events.failure?.advice?.contains("--allow-secret PIN_KEY") == true)
            #expect(!events.text.contains("tool --name"))
            let allowed = try await bench.build([Self.writing("ab")]) {
                $0.variables = [.init(name: "PIN_KEY", value: "ab")]
                $0.forbidsSecrets = true
                $0.allowedSecrets = ["PIN_KEY"]
            }
            #expect(allowed.failure == nil && warnings(allowed) == [])
        }
    }

    @Test("A value that is no word stops the build also where the project's files have it, and says where")
    func notAWord() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            try bench.project.appending("priv/key").write("t0k3n-0f-th3-pr0j3ct")
            let events = try await bench.build([Self.writing("t0k3n-0f-th3-pr0j3ct")]) {
                $0.variables = [.init(name: "API_KEY", value: "t0k3n-0f-th3-pr0j3ct")]
            }
            #expect(events.failure?.message.contains("it comes from priv/key:1") == true)
        }
    }

    @Test(
        "Words and numbers are words; what mixes letters and digits, and a long value, is none",
        arguments: [
            ("release", true), ("my_app", true), ("127.0.0.1", true), ("correct horse", true), ("20240131", true),
            ("s3cr3t", false), ("deadbeef01", false), ("a long passphrase of some words", false), ("gr\u{FC}n", false),
        ])
    func words(value: String, isWord: Bool) { #expect(SecretWord.isWord(value) == isWord) }
}
