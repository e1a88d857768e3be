import BuildpackAPI
import Diagnostics
import Digests
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("What a build gets back from the one before")
struct RestoreTests {
    /// A buildpack that lists what it finds, then makes a layer of these types, with metadata and a bill of materials.
    private func buildpack(_ types: String, api: String = "0.12", in folder: FilePath) throws -> ScriptedBuildpack {
        let flags = types.split(separator: " ").map { "\($0) = true\\n" }.joined()
        let header = api < "0.6" && api.count == 3 ? "" : "[types]\\n"
        return try ScriptedBuildpack(
            "a", api: api, in: folder, table: "sbom-formats = [\"application/spdx+json\"]",
            build: """
                (cd $1 && find . -mindepth 1 | LC_ALL=C sort | tr '\\n' ' ') > found
                cat $1/l.toml > toml 2>/dev/null || true
                rm -rf $1/l && mkdir $1/l && echo x > $1/l/file && chmod 440 $1/l/file
                printf '\(header)\(flags)[metadata]\\nk = "v"\\n' > $1/l.toml
                echo '{}' > $1/l.sbom.spdx.json; echo '{}' > $1/launch.sbom.spdx.json
                """)
    }

    private func build(_ bench: TestBench, _ given: [ScriptedBuildpack]) async throws -> [LifecycleEvent] {
        try await bench.build([]) { $0.buildpacks = given.map { .folder($0.folder) } }
    }

    private func found(_ bench: TestBench) throws -> String {
        try bench.cache.workspace.appending("found").readText()
    }

    @Test(
        "F2, F3, F6, E8: metadata and contents come back as the layer's types say",
        arguments: [
            ("build cache launch", true, true), ("build cache", true, true), ("build launch", false, false),
            ("build", false, false), ("cache launch", true, true), ("cache", true, true), ("launch", true, false),
            ("", false, false),
        ])
    func table(types: String, metadata: Bool, contents: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack(types, in: folder)
            #expect(try await build(bench, [given]).report != nil)
            #expect(try found(bench) == "")
            let events = try await build(bench, [given])
            #expect(events.report != nil, "\(events.text)")
            let all =
                (contents ? "./l " : "") + (metadata ? "./l.sbom.spdx.json ./l.toml " : "")
                + (contents ? "./l/file " : "")
            #expect(try found(bench) == all)
            #expect(
                try bench.cache.workspace.appending("toml").readText() == (metadata ? "[metadata]\nk = \"v\"\n" : ""))
            #expect(events.layerChanges.contains("restored l") == metadata)
        }
    }

    @Test("B0.6: up to API 0.5 the toml that comes back keeps its flags")
    func flags() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("launch cache", api: "0.5", in: folder)
            for _ in 1...2 { #expect(try await build(bench, [given]).report != nil) }
            let toml = try bench.cache.workspace.appending("toml").readText()
            #expect(toml == "launch = true\nbuild = false\ncache = true\n\n[metadata]\nk = \"v\"\n")
        }
    }

    @Test("F10: contents come back with their modes and links, empty folders too")
    func modes() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack(
                "a", in: folder,
                build: """
                    if test -d $1/l; then
                      test "$(stat -c %a $1/l/x)" = 750 && test "$(stat -c %a $1/l/closed)" = 555
                      test "$(readlink $1/l/link)" = /nowhere && test -d $1/l/empty && touch same
                    fi
                    rm -rf $1/l && mkdir -p $1/l/empty $1/l/closed && touch $1/l/x $1/l/closed/y
                    chmod 750 $1/l/x && chmod 555 $1/l/closed && ln -s /nowhere $1/l/link
                    printf '[types]\\ncache = true\\n' > $1/l.toml
                    """)
            for _ in 1...2 { #expect(try await build(bench, [given]).report != nil) }
            #expect(bench.cache.workspace.appending("same").isThere)
        }
    }

    @Test(
        "F4, F8: a cached layer that is missing or damaged does not come back, and the build goes on",
        arguments: [true, false])
    func damaged(isMissing: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            let committed = bench.cache.volume.appending("committed")
            let tar = try #require(try committed.names().first { $0.hasSuffix(".tar") && $0.count == 75 })
            for name in try committed.names() where name.hasSuffix(".tar") {
                if isMissing {
                    try committed.appending(name).remove()
                } else {
                    try committed.appending(name).write("junk")
                }
            }
            let events = try await build(bench, [given])
            #expect(events.report != nil)
            #expect(events.text.contains("a: layer l is not restored: it is"))
            #expect(try found(bench) == "")
            // F8: what is damaged is written anew.
            #expect(try committed.appending(tar).readBytes().count > 1024)
        }
    }

    @Test("F4: a layer that is another one in the image than in the cache does not come back")
    func otherImage() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache launch", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            // Another build of the same image, whose cache is another one.
            var metadata = CacheMetadata(in: bench.cache.volume.appending("committed"))
            metadata.buildpacks[0].layers["l"]?.sha = "sha256:" + String(repeating: "0", count: 64)
            try metadata.write(in: bench.cache.volume.appending("committed"))
            #expect(try await build(bench, [given]).text.contains("the cache and the image have different ones"))
            #expect(try found(bench) == "")
        }
    }

    @Test("F2: a cached launch layer needs the cache; without it its metadata does not come back either")
    func noCache() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache launch", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            try bench.cache.volume.remove()
            #expect(try await build(bench, [given]).report != nil)
            #expect(try found(bench) == "")
            // F5: metadata that is no JSON is an empty cache.
            try bench.cache.volume.appending("committed").appending(CacheMetadata.fileName).write("{")
            #expect(try await build(bench, [given]).report != nil)
            #expect(try found(bench) == "")
        }
    }

    @Test("F5: a buildpack that is not in the group gets nothing back, and loses its cache")
    func notInGroup() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache", in: folder)
            let other = try ScriptedBuildpack("b", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            #expect(try await build(bench, [other]).report != nil)
            #expect(try await build(bench, [given]).report != nil)
            #expect(try found(bench) == "")
        }
    }

    @Test("F7, F9: the cache is a folder of plain tars named by their digests, with its metadata beside them")
    func volume() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache build", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            #expect(try bench.cache.volume.names() == ["committed"])
            let committed = bench.cache.volume.appending("committed")
            let names = try committed.names()
            #expect(names.first == "io.buildpacks.lifecycle.cache.metadata")
            let metadata = CacheMetadata(in: committed)
            let layer = try #require(metadata.layers(of: "a")["l"])
            #expect(names.contains(layer.sha + ".tar"))
            #expect(names.contains((metadata.sbom?.sha ?? "") + ".tar"))
            #expect(layer.types == [.build, .cache])
            #expect(
                "sha256:" + (try MessageDigest.hex(of: committed.appending(layer.sha + ".tar").readBytes()))
                    == layer.sha)
        }
    }

    @Test("F7: a swap that a kill cut in two is undone")
    func cutSwap() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            let volume = bench.cache.volume
            try volume.appending("committed").copy(to: volume.appending("replaced"))
            try volume.appending("committed").remove()
            try volume.appending("staging/half").write("")
            #expect(try await build(bench, [given]).report != nil)
            #expect(try found(bench).hasSuffix("./l/file "))
            #expect(try volume.names() == ["committed"])
        }
    }

    @Test("F8: a cached layer without contents is told, and the build goes on")
    func noContents() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack("a", in: folder, build: "printf '[types]\\ncache = true\\n' > $1/l.toml")
            let events = try await build(bench, [given])
            #expect(events.report != nil)
            #expect(events.text.contains("a: layer l is not cached: it has no contents"))
        }
    }

    @Test("A build that fails leaves the cache as it was, and what it made does not come back")
    func failing() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack("cache", in: folder)
            #expect(try await build(bench, [given]).report != nil)
            let build = given.folder.appending("bin/build")
            let script = try build.readText()
            try build.write("#!/bin/bash\necho changed > $1/l/file; touch $1/l/half; exit 1\n", mode: 0o755)
            #expect(try await self.build(bench, [given]).failure?.exitCode == 51)
            try build.write(script.replacing("rm -rf", with: "grep -qx x $1/l/file; rm -rf"), mode: 0o755)
            #expect(try await self.build(bench, [given]).report != nil)
            #expect(try found(bench) == "./l ./l.sbom.spdx.json ./l.toml ./l/file ")
        }
    }

    @Test("E1: a label that cannot be read says nothing")
    func brokenLabel() throws {
        for label in [nil, "", "{", "[]", "{\"buildpacks\":\"x\"}"] {
            let labels = label.map { [LifecycleMetadata.label: $0] } ?? [:]
            #expect(LifecycleMetadata(of: try SampleRunImage.image(labels: labels)) == LifecycleMetadata())
        }
    }

    @Test("E2: a label of another platform is read")
    func foreignLabel() throws {
        let label = """
            {"app":[{"sha":"sha256:aa"}],"buildpacks":[{"key":"x/y","version":"1","layers":{"l":{"sha":"sha256:bb",\
            "data":{"a":1},"build":false,"launch":true,"cache":true},"m":{"sha":"s","data":null,"build":false,\
            "launch":true,"cache":false}},"store":{"metadata":{"k":"v"}}}],"config":{"sha":"c"},"launcher":{"sha":"d"},\
            "process-types":{"sha":""},"runImage":{"topLayer":"t","reference":"r","image":"i","mirrors":["m"]},\
            "stack":{"runImage":{"image":"i"}},"sbom":{"sha":"e"},"unknown":{}}
            """
        let found = LifecycleMetadata(of: try SampleRunImage.image(labels: [LifecycleMetadata.label: label]))
        #expect(found.layers(of: "x/y")["l"]?.types == [.launch, .cache])
        #expect(found.layers(of: "x/y")["l"]?.metadata == ["a": .integer(1)])
        #expect(found.layers(of: "x/y")["m"]?.metadata == [:])
        #expect(found.store(of: "x/y") == ["k": .string("v")])
        #expect(found.runImage?.mirrors == ["m"])
        #expect(found.sbom?.sha == "e")
        #expect(found.layers(of: "z").isEmpty)
    }

    @Test(
        "F10: a tar that leads out of its layer, or has what layers do not have, is refused",
        arguments: [
            "/layers/a/other/x", "/etc/x", "/layers/a/l/../../x", "layers", "/layers/a",
        ])
    func extraction(path: String) throws {
        try withTemporaryFolder { folder in
            let isParent = path == "layers" || path == "/layers/a"
            let contents = LayerContents([.file([120], path: path, mode: 0o644, owner: .root)])
            let sink = MemorySink()
            try contents.write(to: sink)
            var extraction = LayerExtraction(["a", "l"], into: folder.appending("layers"))
            if isParent {
                try extraction.extract(.bytes(sink.bytes))
            } else {
                let error = #expect(throws: Failure.self) { try extraction.extract(.bytes(sink.bytes)) }
                #expect(error?.message.contains("is not in /layers/a/l") == true, "\(error?.message ?? "")")
            }
            #expect(try folder.names().isEmpty)
        }
    }

    @Test("F10: nothing is written through a link")
    func linked() throws {
        try withTemporaryFolder { folder in
            try folder.appending("layers/a").makeFolder()
            let contents = LayerContents([
                .symlink(target: folder.string, path: "/layers/a/l", mode: 0o777, owner: .root),
                .file([120], path: "/layers/a/l/x", mode: 0o644, owner: .root),
            ])
            let sink = MemorySink()
            try contents.write(to: sink)
            var extraction = LayerExtraction(["a", "l"], into: folder.appending("layers"))
            let error = #expect(throws: Failure.self) { try extraction.extract(.bytes(sink.bytes)) }
            #expect(error?.message.contains("layers/a/l is not a folder") == true, "\(error?.message ?? "")")
            #expect(try folder.names() == ["layers"])
        }
    }

    @Test("A restored layer's bill of materials is the image's, and the cache's where the image has none")
    func bills() throws {
        try withTemporaryFolder { folder in
            let bills = BillFolders(layers: folder.appending("layers"))
            for (side, layers) in [(bills.cache, ["both", "cached"]), (bills.launch, ["both", "launched"])] {
                for layer in layers {
                    let place = side.appending("a_b").appending(layer).appending("sbom.spdx.json")
                    try place.write(side.lastComponent?.string ?? "")
                }
            }
            let own = folder.appending("layers/a_b")
            try own.makeFolder()
            try bills.restore("a/b", in: own, layers: ["both", "cached", "launched"])
            let expected = ["both": "launch", "cached": "cache", "launched": "launch"]
            for (layer, side) in expected {
                #expect(try own.appending("\(layer).sbom.spdx.json").readText() == side)
            }
            #expect(try own.names().count == 3)
        }
    }
}
