import BuildpackAPI
import Commands
import FoundationEssentials
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Builds with external buildpacks")
struct ExternalBuildTests {
    /// Builds with these buildpacks, in this order.
    private func build(
        _ bench: TestBench, _ given: [ScriptedBuildpack], change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> [LifecycleEvent] {
        try await bench.build([]) { request in
            request.buildpacks = given.map { .folder($0.folder) }
            change(&request)
        }
    }

    private func image(_ bench: TestBench) throws -> Image {
        try #require(try bench.store.image(for: Reference("app")))
    }

    @Test("I1, I9: an image has the layers, processes and labels of a buildpack in bash and of one in another language")
    func two() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let bash = try ScriptedBuildpack(
                "bash/one", api: "0.7", in: folder,
                build: """
                    mkdir -p $1/tools/bin && printf '#!/bin/sh\\necho tool\\n' > $1/tools/bin/tool
                    chmod 755 $1/tools/bin/tool
                    printf '[types]\\nlaunch = true\\nbuild = true\\n' > $1/tools.toml
                    printf '[[processes]]\\ntype = "web"\\ncommand = "tool"\\n' > $1/launch.toml
                    """)
            let other = try ScriptedBuildpack(
                "other", in: folder, interpreter: "/usr/bin/perl",
                build: """
                    my $seen = `tool`; die "no tool" unless $seen eq "tool\\n";
                    mkdir "$ARGV[0]/data";
                    open(F, ">", "$ARGV[0]/data.toml"); print F "[types]\\nlaunch = true\\n"; close F;
                    open(F, ">", "$ARGV[0]/launch.toml");
                    print F "[[labels]]\\nkey = \\"who\\"\\nvalue = \\"perl\\"\\n"; close F;
                    open(F, ">", "made"); print F $seen; close F;
                    """)
            let events = try await build(bench, [bash, other])
            let report = try #require(events.report, "\(events.text)")
            let names = ["test", "launcher", "config", "process-types", "tools", "data", "app"]
            #expect(report.layers.map(\.name) == names)
            let image = try image(bench)
            try await bench.store.validate(image)
            #expect(image.configuration.config.labels["who"] == "perl")
            #expect(
                image.configuration.history.dropFirst().map(\.createdBy) == [
                    "Buildpacks Application Launcher", "Buildpacks Launcher Config", "Buildpacks Process Types",
                    "Layer: 'tools', Created by buildpack: bash/one@1.0.0",
                    "Layer: 'data', Created by buildpack: other@1.0.0", "Application Layer",
                ])
            #expect(image.configuration.config.entrypoint == ["/cnb/lifecycle/launcher"])
            #expect(try bench.project.names() == ["mix.exs"])
            let app = try await bench.paths(of: image, madeBy: "Application Layer")
            #expect(app == ["/workspace", "/workspace/made", "/workspace/mix.exs"])
            #expect(try await build(bench, [bash, other]).report?.manifestDigest == report.manifestDigest)
        }
    }

    @Test("G5: a buildpack's layer has the bytes that the reference lifecycle writes")
    func golden() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = try ScriptedBuildpack(
                "bp.id", in: folder,
                build: """
                    mkdir -p $1/layer1/bin && cd $1/layer1
                    printf '#!/bin/sh\\n' > bin/tool && chmod 755 bin/tool
                    printf 'cached-data\\n' > data && ln -s bin/tool link
                    printf '[types]\\nlaunch = true\\n' > $1/layer1.toml
                    """)
            let report = try #require(try await build(bench, [buildpack]).report)
            let layer = try #require(report.layers.first { $0.name == "layer1" })
            #expect(layer.diffID?.hex == "41b97b62e3fda7c350284be7a4bde146b0f9552175ffcb709d992f50bc00b5d5")
            #expect(layer.size == 22 && layer.files == 3)
        }
    }

    @Test("I5: layers of external buildpacks keep the modes that they gave their files")
    func modes() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = try ScriptedBuildpack(
                "a", in: folder,
                build: """
                    mkdir $1/l && cd $1/l && touch a b c && chmod 600 a && chmod 4755 b && chmod 444 c
                    mkfifo pipe && mkdir d && chmod 1777 d && ln c hard && ln -s /etc/passwd link
                    printf '[types]\\nlaunch = true\\n' > $1/l.toml
                    """)
            #expect(try await build(bench, [buildpack]).report != nil)
            let entries = try await bench.entries(of: image(bench), madeBy: "buildpack: a@")
            let modes = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, String($0.mode, radix: 8)) })
            #expect(
                modes == [
                    "/layers": "755", "/layers/a": "755", "/layers/a/l": "755", "/layers/a/l/a": "600",
                    "/layers/a/l/b": "4755", "/layers/a/l/c": "444", "/layers/a/l/d": "1777", "/layers/a/l/hard": "444",
                    "/layers/a/l/link": "777",
                ])
            #expect(entries.allSatisfy { $0.time == TarEntry.defaultTime })
            #expect(entries.first { $0.path == "/layers/a/l/a" }?.owner == Owner(user: 1000, group: 1000))
            #expect(entries.first { $0.path == "/layers/a/l/link" }?.kind == .symlink(target: "/etc/passwd"))
        }
    }

    @Test("C9, C10, B0.5: build layers reach later buildpacks, paths last first, and not their own buildpack")
    func environment() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            func layer(_ name: String, _ commands: String = "") -> String {
                """
                mkdir -p $1/\(name)/bin $1/\(name)/env $1/\(name)/env.build
                printf '[types]\\nbuild = true\\n' > $1/\(name).toml
                \(commands)

                """
            }
            let first = try ScriptedBuildpack(
                "one", api: "0.6", in: folder,
                build: layer("b", "mkdir $1/b/lib $1/b/include $1/b/pkgconfig; printf 1 > $1/b/env/X.append")
                    + layer("a", "printf 0 > $1/a/env/X; printf /layers/one/a/x > $1/a/env.build/PLACE")
                    + "test -z \"${X+x}\"")
            let second = try ScriptedBuildpack(
                "two", api: "0.6", in: folder,
                build: layer("c", "printf - > $1/c/env.build/X.delim")
                    + "printf 2 > $1/c/env.build/X.append; printf '[types]\\nlaunch = true\\n' > $1/no.toml; mkdir $1/no"
            )
            let third = try ScriptedBuildpack(
                "three", api: "0.6", in: folder, build: "env > /workspace/seen")
            let events = try await build(bench, [first, second, third]) {
                $0.variables = [PlatformVariable(name: "CPATH", value: "/user")]
            }
            #expect(events.report != nil, "\(events.text)")
            let seen = Set(
                try bench.cache.workspace.appending("seen").readText().split(separator: "\n").map(String.init))
            for line in [
                "PATH=/layers/two/c/bin:/layers/one/b/bin:/layers/one/a/bin:\(ProgramLookup.systemPath)", "X=01-2",
                "PLACE=/layers/one/a/x", "LD_LIBRARY_PATH=/layers/one/b/lib", "LIBRARY_PATH=/layers/one/b/lib",
                "CPATH=/user:/layers/one/b/include", "PKG_CONFIG_PATH=/layers/one/b/pkgconfig",
            ] { #expect(seen.contains(line), "\(line) of \(seen)") }
        }
    }

    @Test("C2, C6: what the user's variables do to one buildpack does not pile up over the next ones")
    func noLeak() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ["a", "b"].map { try ScriptedBuildpack($0, in: folder, build: "echo $PATH >> paths") }
            _ = try await build(bench, given) { $0.variables = [PlatformVariable(name: "PATH", value: "/mine")] }
            let paths = try bench.cache.workspace.appending("paths").readText()
            #expect(paths == "/mine:\(ProgramLookup.systemPath)\n/mine:\(ProgramLookup.systemPath)\n")
        }
    }

    @Test("J5, F1: metadata and store.toml go into the label and come back")
    func metadata() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = try ScriptedBuildpack(
                "a/b", in: folder,
                build: """
                    if test -f $1/store.toml; then cp $1/store.toml $1/l.toml seen/ 2>/dev/null || true; fi
                    mkdir -p seen && cp $1/*.toml seen/ 2>/dev/null || true
                    mkdir $1/l; cat > $1/l.toml <<'EOF'
                    [types]
                    launch = true
                    [metadata]
                    n = 1
                    when = 2024-01-02T03:04:05Z
                    [metadata.deep]
                    list = ["x"]
                    EOF
                    printf '[metadata]\\nkept = "yes"\\n' > $1/store.toml
                    """)
            #expect(try await build(bench, [buildpack]).report != nil)
            let label = try image(bench).configuration.config.labels[LifecycleMetadata.label] ?? ""
            #expect(
                label.contains(
                    #""data":{"deep":{"list":["x"]},"n":1,"when":"2024-01-02T03:04:05Z"},"launch":true"#))
            #expect(label.contains(#""store":{"metadata":{"kept":"yes"}}"#))
            #expect(try await build(bench, [buildpack]).report != nil)
            let seen = bench.cache.workspace.appending("seen")
            #expect(try seen.appending("store.toml").readText() == "[metadata]\nkept = \"yes\"\n")
            #expect(
                try seen.appending("l.toml").readText()
                    == "[metadata]\nn = 1\nwhen = \"2024-01-02T03:04:05Z\"\n\n[metadata.deep]\nlist = [\"x\"]\n")
        }
    }

    @Test("I2: a launch layer without its folder is the one of the image before, with the metadata of now")
    func reuse() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = try ScriptedBuildpack(
                "a", in: folder,
                build: """
                    if ! test -f $1/l.toml; then mkdir $1/l && date +%N > $1/l/stamp; fi
                    test ! -d $1/l || echo made > state
                    printf '[types]\\nlaunch = true\\n[metadata]\\nnow = "%s"\\n' "${NOW-}" > $1/l.toml
                    """)
            let first = try #require(try await build(bench, [buildpack]).report)
            let events = try await build(bench, [buildpack]) {
                $0.variables = [PlatformVariable(name: "NOW", value: "later")]
            }
            let second = try #require(events.report)
            #expect(second.layers.map(\.diffID)[1] == first.layers.map(\.diffID)[1])
            #expect(events.layerChanges.contains("reused l"))
            #expect(!bench.cache.workspace.appending("state").isThere)
            #expect(try image(bench).configuration.config.labels[LifecycleMetadata.label]?.contains("later") == true)
        }
    }

    @Test(
        "I2: a launch layer without its folder is an error where nothing is known of it, or where it is cached",
        arguments: [
            ("launch = true", "cannot reuse 'a:l', previous image has no metadata for layer 'a:l'"),
            ("launch = true\\ncache = true", "layer 'l' of a is cache=true but has no contents"),
        ])
    func cannotReuse(types: String, expected: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpack = try ScriptedBuildpack(
                "a", in: folder, build: "printf '[types]\\n\(types)\\n' > $1/l.toml")
            let failure = try #require(try await build(bench, [buildpack]).failure)
            #expect(failure.exitCode == 62)
            #expect(failure.message == expected)
        }
    }

    @Test("Our buildpacks see what external ones contributed, and their sources stay out where that is said")
    func mixed() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let before = try ScriptedBuildpack(
                "before", in: folder,
                build: """
                    mkdir -p $1/l/bin $1/l/env && echo made > made && printf '[types]\\nbuild = true\\n' > $1/l.toml
                    printf /layers/before/l/x > $1/l/env/PLACE
                    """)
            let after = try ScriptedBuildpack(
                "after", in: folder, build: "test -f mix.exs && test -f made && ls > listed")
            var ours = StaticBuildpack("ours")
            ours.make = { context in
                let names = try context.applicationDirectory.names()
                #expect(names == ["made", "mix.exs"])
                let layers = context.layersDirectory.removingLastComponent()
                let bin = layers.appending("before/l/bin")
                #expect(context.environment["PATH"]?.hasPrefix("\(bin):") == true)
                #expect(context.environment["PLACE"] == layers.appending("before/l/x").string)
                return BuildResult(omitsSource: true)
            }
            let events = try await bench.build([ours]) { request in
                request.buildpacks = [.folder(before.folder), .builder, .folder(after.folder)]
            }
            #expect(events.report != nil, "\(events.text)")
            let app = try await bench.paths(of: image(bench), madeBy: "Application Layer")
            #expect(app == ["/workspace", "/workspace/listed", "/workspace/made"])
        }
    }

    @Test("H7, J1: processes are merged by type; a later one that is not the default takes that away")
    func processes() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            func script(_ type: String, _ isDefault: Bool) -> String {
                "printf '[[processes]]\\ntype = \"\(type)\"\\ncommand = [\"%s\"]\\ndefault = \(isDefault)\\n' $0 > $1/launch.toml"
            }
            let a = try ScriptedBuildpack("a", in: folder, build: script("web", true))
            let b = try ScriptedBuildpack("b", in: folder, build: script("web", false))
            let c = try ScriptedBuildpack("c", in: folder, build: script("worker", true))
            _ = try await build(bench, [a])
            #expect(try image(bench).configuration.config.entrypoint == ["/cnb/process/web"])
            _ = try await build(bench, [a, b])
            #expect(try image(bench).configuration.config.entrypoint == ["/cnb/lifecycle/launcher"])
            _ = try await build(bench, [a, c])
            #expect(try image(bench).configuration.config.entrypoint == ["/cnb/process/worker"])
            let label = try image(bench).configuration.config.labels["io.buildpacks.build.metadata"] ?? ""
            #expect(label.contains(#""buildpack-default-process-type":"worker""#))
            #expect(label.contains(#""buildpackID":"a""#))
        }
    }

    @Test("the bills of materials in an image are written as they are in it; an image without them has none")
    func bills() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let plain = try ScriptedBuildpack("plain", in: folder).open()
            _ = try await bench.build([plain])
            let out = folder.appending("out")
            #expect(try await !BillExport(of: image(bench), blobs: bench.store).write(to: out))
            let billed = try ScriptedBuildpack(
                "billed", in: folder, table: "sbom-formats = [\"application/vnd.cyclonedx+json\"]",
                build: "echo '{}' > $1/launch.sbom.cdx.json"
            ).open()
            let events = try await bench.build([billed])
            #expect(events.report != nil, "\(events.text)")
            try out.appending("sbom/old").write("x")
            #expect(try await BillExport(of: image(bench), blobs: bench.store).write(to: out))
            let files = try out.tree()
            #expect(files.contains("sbom/launch/billed/sbom.cdx.json") && !files.contains("sbom/old"), "\(files)")
        }
    }

    @Test("J1: the process that the user names is what the image starts; one that nobody made is exit code 62")
    func namedProcess() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = """
                printf '[[processes]]\ntype = "web"\ncommand = ["%s"]\ndefault = true\n' $0 > $1/launch.toml
                printf '[[processes]]\ntype = "worker"\ncommand = ["%s"]\n' $0 >> $1/launch.toml
                """
            let buildpack = try ScriptedBuildpack("a", in: folder, build: script).open()
            let events = try await bench.build([buildpack]) { $0.defaultProcess = "worker" }
            #expect(events.report != nil, "\(events.text)")
            #expect(try image(bench).configuration.config.entrypoint == ["/cnb/process/worker"])
            let wrong = try #require(try await bench.build([buildpack]) { $0.defaultProcess = "cron" }.failure)
            #expect(wrong.exitCode == 62, "\(wrong)")
            #expect(wrong.advice == "there are: web, worker")
        }
    }
}
