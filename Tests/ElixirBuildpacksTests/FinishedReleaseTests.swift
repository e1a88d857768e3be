import BuildpackAPI
import Diagnostics
import FoundationEssentials
import Glibc
import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("A release made ready for an image")
struct FinishedReleaseTests {
    private func prepare(_ folder: FilePath, _ sample: SampleRelease) throws -> (FinishedRelease, FilePath) {
        let layers = folder.appending("layers")
        try layers.makeFolder()
        let finished = try FinishedRelease.prepare(
            sample.directory, name: "my_app", setsCookie: false, toolchain: sample.toolchain, dependencies: ["jason"],
            layers: layers)
        return (finished, layers)
    }

    @Test("Toolchain, dependencies and the project's own code lie in layers of their own, linked together")
    func split() throws {
        try withTemporaryFolder { folder in
            let (finished, layers) = try prepare(folder, SampleRelease(in: folder))
            #expect(finished.version == "0.1.0")
            let library = layers.appending("release").appending("lib")
            #expect(try library.appending("kernel-8.5.3/ebin/x.beam").readText() == "kernel-8.5.3")
            #expect(layers.appending("base/lib/kernel-8.5.3").isThere)
            #expect(layers.appending("base/lib/elixir-1.14.0").isThere)
            #expect(layers.appending("deps/lib/jason-1.4.1").isThere)
            #expect(!layers.appending("deps/lib/my_app-0.1.0").isThere)
            #expect(try library.appending("my_app-0.1.0/ebin/x.beam").readText() == "my_app-0.1.0")
            #expect(try layers.appending("release/erts-13.1.5/bin/beam.smp").readText() == "vm")
        }
    }

    @Test("Native code of the toolchain is a layer of its own, and a link to each file is in its place")
    func native() throws {
        try withTemporaryFolder { folder in
            let sample = try SampleRelease(in: folder)
            let code = "\u{7F}ELF"
            let (vm, nif) = ("erts-13.1.5/bin/beam.smp", "lib/kernel-8.5.3/priv/lib/x.so")
            let (deps, own) = ("lib/jason-1.4.1/priv/x.so", "lib/my_app-0.1.0/priv/x.so")
            for path in [vm, nif, deps, own] {
                try sample.directory.appending(FilePath(path).components).write(code + path, mode: 0o755)
            }
            try sample.directory.appending("erts-13.1.5/bin/erl").write("#!/bin/sh\n", mode: 0o755)
            try sample.directory.appending("lib/kernel-8.5.3/priv/lib/x.so.1").makeLink(to: "x.so")
            let (_, layers) = try prepare(folder, sample)
            let base = layers.appending("base")
            #expect(
                base.appending(FilePath(vm).components).linkTarget
                    == "../../../base-native/erts-13.1.5/bin/beam.smp")
            #expect(
                base.appending(FilePath(nif).components).linkTarget
                    == "../../../../../base-native/lib/kernel-8.5.3/priv/lib/x.so")
            #expect(base.appending("lib/kernel-8.5.3/priv/lib/x.so.1").linkTarget == "x.so")
            #expect(base.appending("erts-13.1.5/bin/erl").linkTarget == nil)
            for path in [vm, nif, deps, own] {
                #expect(try layers.appending("release").appending(FilePath(path).components).readText() == code + path)
            }
            let moved = try layers.appending("base-native").tree().filter {
                !layers.appending("base-native").appending(FilePath($0).components).isFolder
            }
            #expect(Set(moved) == [vm, nif])
            #expect(layers.appending("base-native").appending(FilePath(vm).components).isProgram)
        }
    }

    @Test(
        "A release that leads elsewhere is refused, and nothing is written or read there",
        arguments: [
            "releases/0.1.0/env.sh", "releases/0.1.0/vm.args", "releases/0.1.0", "releases", "bin", "lib",
            "erts-13.1.5", "erts-13.1.5/bin", "",
        ])
    func links(path: String) throws {
        try withTemporaryFolder { folder in
            let sample = try SampleRelease(in: folder)
            let place = path.isEmpty ? sample.directory : sample.directory.appending(FilePath(path).components)
            let outside = folder.appending("outside")
            try place.copy(to: outside)
            removeTree(place)
            symlink(outside.string, place.string)
            let before = try outside.tree()
            let text = path.hasSuffix("env.sh") ? try outside.readText() : ""
            let error = #expect(throws: Failure.self) { try prepare(folder, sample) }
            #expect(error?.message.contains("the release has a link at ") == true, "\(error?.message ?? "")")
            #expect(try outside.tree() == before)
            if path.hasSuffix("env.sh") { #expect(try outside.readText() == text) }
        }
    }

    @Test("Versions of a release that are paths are refused", arguments: ["../x 0.1.0", "13.1.5 ../..", "13.1.5 .."])
    func versions(text: String) throws {
        try withTemporaryFolder { folder in
            let sample = try SampleRelease(in: folder)
            try sample.directory.appending("releases/start_erl.data").write(text)
            let error = #expect(throws: Failure.self) { try prepare(folder, sample) }
            #expect(error?.message.contains("start_erl.data are paths") == true, "\(error?.message ?? "")")
        }
    }

    @Test("No cookie, no archive, no tools of a developer's machine are left")
    func pruned() throws {
        try withTemporaryFolder { folder in
            let release = try SampleRelease(in: folder)
            try release.directory.appending("my_app-0.1.0.tar.gz").write("twice")
            let unwanted = [
                "releases/COOKIE", "my_app-0.1.0.tar.gz", "releases/0.1.0/start.script", "erts-13.1.5/bin/dialyzer",
            ]
            for path in unwanted { #expect(release.directory.appending(FilePath(path).components).isThere, "\(path)") }
            let (_, layers) = try prepare(folder, release)
            for path in unwanted {
                #expect(!layers.appending("release").appending(FilePath(path).components).isThere, "\(path)")
            }
            #expect(layers.appending("base/erts-13.1.5/bin/beam.smp").isThere)
            #expect(!layers.appending("base/erts-13.1.5/bin/dialyzer").isThere)
        }
    }

    @Test("A project that sets its cookie or node keeps them, and the user is told")
    func ownership() throws {
        try withTemporaryFolder { folder in
            let script = "export RELEASE_COOKIE=ours\nexport RELEASE_NODE=me@there\n"
            let (finished, layers) = try prepare(folder, SampleRelease(in: folder, script: script))
            #expect(finished.ownership.cookie && finished.ownership.distribution)
            #expect(finished.ownership.notices.count == 2)
            let text = try layers.appending("release/releases/0.1.0/env.sh").readText()
            #expect(!text.contains("-start_epmd"))
            #expect(!layers.appending("release/releases/COOKIE").isThere)
        }
    }

    @Test("A comment in env.sh sets nothing")
    func comments() throws {
        try withTemporaryFolder { folder in
            let sample = try SampleRelease(in: folder, script: "  # export RELEASE_NODE=x\n")
            let (finished, layers) = try prepare(folder, sample)
            #expect(!finished.ownership.distribution)
            #expect(try layers.appending("release/releases/0.1.0/env.sh").readText().contains("-start_epmd false"))
        }
    }

    @Test("What stood in the layers before is replaced")
    func replaced() throws {
        try withTemporaryFolder { folder in
            try folder.appending("layers/deps/lib/old-1.0/x").write("old")
            let (_, layers) = try prepare(folder, SampleRelease(in: folder))
            #expect(!layers.appending("deps/lib/old-1.0").isThere)
        }
    }

    @Test("Half a release is an error that names what is missing")
    func incomplete() throws {
        try withTemporaryFolder { folder in
            let release = try SampleRelease(in: folder)
            try FileManager.default.removeItem(atPath: release.directory.appending("releases/0.1.0/my_app.rel").string)
            #expect { try prepare(folder, release) } throws: { "\($0)".contains("my_app.rel") }
        }
    }
}
