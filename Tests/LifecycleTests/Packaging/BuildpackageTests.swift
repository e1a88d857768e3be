import BuildpackAPI
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Buildpackages")
struct BuildpackageTests {
    private static let component = BuildpackDescriptor(
        id: "test.one", version: "1.2.3", api: "0.10", name: "One", homepage: "https://example.org")
    private static let second = BuildpackDescriptor(id: "test.two", version: "1.2.3", api: "0.10", name: "Two")
    private static let composite = BuildpackDescriptor(
        id: "test.both", version: "1.2.3", api: "0.10", name: "Both",
        order: [
            [
                BuildpackReference(id: "test.one", version: "1.2.3"),
                BuildpackReference(id: "test.two", version: "1.2.3"),
            ]
        ])

    /// A package whose program is a script that sets a label.
    private func package(in folder: FilePath, label: String = "yes") throws -> Buildpackage {
        let program = folder.appending("program")
        try program.write(
            """
            #!/bin/sh
            case "$0" in */detect) exit 0 ;; esac
            printf '[[labels]]\\nkey = "packaged"\\nvalue = "\(label)"\\n' > "$1/launch.toml"
            """, mode: 0o755)
        return Buildpackage([Self.component, Self.second, Self.composite], program: program, stacks: ["*"])
    }

    private func place(_ bench: TestBench, _ image: Image, as tag: String = "bp") async throws -> ImagePlace {
        let layout = bench.folder.appending("layout")
        try await LayoutDirectory(layout, tag: tag).write(image, from: bench.store) { _, _ in }
        return .layout(layout, tag: tag)
    }

    @Test("Folders of ordinary buildpacks: targets, stacks, one program under two names; a composite has an order only")
    func folders() throws {
        try withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let place = folder.appending("out")
            for _ in 1...2 {
                let folders = try package(in: folder).write(to: place)
                #expect(folders.compactMap { $0.lastComponent?.string } == ["one", "two", "both"])
            }
            #expect(
                try place.tree() == [
                    "both", "both/buildpack.toml", "one", "one/bin", "one/bin/build", "one/bin/detect",
                    "one/buildpack.toml", "two", "two/bin", "two/bin/build", "two/bin/detect", "two/buildpack.toml",
                ])
            let one = try DirectoryBuildpack(place.appending("one"), runner: bench.runner)
            var read = one.descriptor
            read.homepage = "https://example.org"
            #expect(read == Self.component)
            #expect(one.manifest.targets.map(\.os) == ["linux"])
            #expect(one.manifest.isOwn && !one.manifest.needsBash)
            let manifest = try place.appending("one/buildpack.toml").readText()
            #expect(manifest.contains("[[stacks]]\nid = \"*\"\n"))
            let both = try DirectoryBuildpack(place.appending("both"), runner: bench.runner)
            #expect(both.descriptor.order == Self.composite.order)
        }
    }

    @Test("A folder that is no buildpack is not replaced")
    func otherFolder() throws {
        try withTemporaryFolder { folder in
            try folder.appending("out/one/precious").write("x")
            #expect {
                try package(in: folder).write(to: folder.appending("out"))
            } throws: { error in
                "\(error)".contains("out/one is not a buildpack, so it is not replaced")
            }
            #expect(try folder.appending("out").tree() == ["one", "one/precious"])
        }
    }

    @Test("Q3: a buildpackage has one layer with the program in it once, and labels that list what is in it")
    func image() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let image = try await package(in: folder).image(in: bench.store, as: try Reference("bp")).image
            #expect(image.layers.count == 1)
            let entries = try await bench.entries(of: image, layer: 0)
            let root = "/cnb/buildpacks/test.one/1.2.3"
            #expect(
                entries.map(\.path).prefix(11).suffix(6) == [
                    "/cnb/buildpacks/test.one", root, "\(root)/bin", "\(root)/bin/build", "\(root)/bin/detect",
                    "\(root)/buildpack.toml",
                ])
            let programs = entries.filter { $0.path.hasSuffix("/bin/build") }.map(\.kind)
            #expect(programs.count == 2 && programs.last == .symlink(target: "../../../test.one/1.2.3/bin/build"))
            let labels = image.configuration.config.labels
            let metadata = try JSONValue(parsing: labels["io.buildpacks.buildpackage.metadata"] ?? "")
            #expect(metadata["id"]?.string == "test.both")
            #expect(metadata["version"]?.string == "1.2.3")
            let layers = try JSONValue(parsing: labels["io.buildpacks.buildpack.layers"] ?? "")
            #expect(layers["test.one"]?["1.2.3"]?["api"]?.string == "0.10")
            let group = layers["test.both"]?["1.2.3"]?["order"]?.array?.first?["group"]?.array
            #expect(group?.first?["id"]?.string == "test.one")
            let again = try await package(in: folder).image(in: bench.store, as: try Reference("bp")).image
            #expect(again.digest == image.digest)
        }
    }

    @Test("pack and kpack take every buildpack of a package on every builder, and find each in the layer of its label")
    func readers() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let image = try await package(in: folder).image(in: bench.store, as: try Reference("bp")).image
            let paths = Set(try await bench.paths(of: image, layer: 0))
            let labels = image.configuration.config.labels
            let layers = try JSONValue(parsing: labels["io.buildpacks.buildpack.layers"] ?? "")
            let metadata = try JSONValue(parsing: labels["io.buildpacks.buildpackage.metadata"] ?? "")
            let main = layers[metadata["id"]?.string ?? ""]?[metadata["version"]?.string ?? ""]
            #expect(main?["order"] != nil)
            for (id, versions) in layers.object ?? [:] {
                for (version, entry) in versions.object ?? [:] {
                    #expect(paths.contains("/cnb/buildpacks/\(id)/\(version)/buildpack.toml"))
                    let diffID = entry["layerDiffID"]?.string
                    #expect(image.layers.contains { $0.diffID.description == diffID })
                    if entry["order"] != nil { continue }
                    // pack: some stack is the builder's or *, where any is named. kpack: one must be.
                    #expect(entry["stacks"]?.array?.compactMap { $0["id"]?.string } == ["*"])
                    // kpack takes * from Buildpack API 0.5 on.
                    let api = try #require(APIVersion(entry["api"]?.string ?? ""))
                    #expect(api >= APIVersion(0, 5))
                    #expect(entry["targets"]?.array?.first?["os"]?.string == "linux")
                }
            }
        }
    }

    @Test("Q3: a build takes its buildpacks from a buildpackage, and unpacks it once")
    func build() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let place = try await place(
                bench, package(in: folder).image(in: bench.store, as: try Reference("bp")).image)
            for _ in 1...2 {
                let events = try await bench.build([]) { $0.buildpacks = [.image(place)] }
                #expect(events.report != nil, "\(events.text)")
            }
            let image = try #require(try bench.store.image(for: Reference("app")))
            #expect(image.configuration.config.labels["packaged"] == "yes")
            let next = try await self.place(
                bench, package(in: folder, label: "next").image(in: bench.store, as: try Reference("bp")).image)
            _ = try await bench.build([]) { $0.buildpacks = [.image(next)] }
            let newer = try #require(try bench.store.image(for: Reference("app")))
            #expect(newer.configuration.config.labels["packaged"] == "next")
            #expect(try bench.cache.packages.names().count == 1)
        }
    }

    @Test("Q3: what is no buildpackage, and what is not there, is exit code 3; nothing half-unpacked is left")
    func bad() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let transaction = try bench.store.begin()
            let layer = try await transaction.addLayer(
                LayerContents([.file([1], path: "/etc/passwd", mode: 0o644, owner: .root)]), expecting: nil)
            var builder = ImageBuilder()
            builder.append(layer.layer)
            let plain = try builder.image()
            builder.configuration.config.labels = [
                "io.buildpacks.buildpackage.metadata": "{\"id\":\"a\",\"version\":\"1\"}"
            ]
            let elsewhere = try builder.image()
            try await transaction.commit(plain, as: [try Reference("plain")])
            let second = try bench.store.begin()
            try await second.commit(elsewhere, as: [try Reference("elsewhere")])
            let places = try await [
                place(bench, plain, as: "plain"), place(bench, elsewhere, as: "elsewhere"),
                ImagePlace.layout(folder.appending("none"), tag: nil),
            ]
            for (place, word) in zip(places, ["it has no label", "is not in /cnb/buildpacks", "none"]) {
                let failure = try #require(try await bench.build([]) { $0.buildpacks = [.image(place)] }.failure)
                #expect(failure.exitCode == 3, "\(failure)")
                #expect(failure.message.contains(word), "\(failure.message)")
            }
            #expect(try !bench.cache.packages.isThere || bench.cache.packages.names() == [])
        }
    }

    @Test(
        "Q3: -b tells folders, buildpackages, ids and the built-in order apart",
        arguments: [
            ("from=builder", "builder"), ("from=mixpack", "own"), ("./x", "folder(\"./x\")"),
            ("x.cnb", "image(oci-archive:x.cnb)"),
            ("oci:dir:tag", "image(oci:dir:tag)"), ("oci-archive:x.cnb", "image(oci-archive:x.cnb)"),
            ("docker://localhost:5000/bp", "image(docker://localhost:5000/bp:latest)"),
            ("https://example.org/x.tgz", "archive(\"https://example.org/x.tgz\")"),
            ("file:///x.tar.gz", "archive(\"/x.tar.gz\")"), ("file:///x", "folder(\"/x\")"),
        ])
    func words(text: String, expected: String) {
        let choice = "\(BuildpackChoice(text))"
        #expect(choice.hasSuffix(expected), "\(choice)")
    }

    @Test("Q3: a buildpack comes from a tar, of its folder or with a folder around it, and from an https URL")
    func archives() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = "printf '[[labels]]\\nkey = \"from\"\\nvalue = \"tar\"\\n' > $1/launch.toml"
            let buildpack = try ScriptedBuildpack("a", in: folder, build: script).folder
            for (name, arguments) in [
                ("dot.tgz", ["-czf", "dot.tgz", "-C", buildpack.string, "."]),
                ("whole.tar", ["-cf", "whole.tar", try #require(buildpack.lastComponent?.string)]),
            ] {
                _ = try await run("/bin/tar", arguments, workingDirectory: folder).succeeded()
                let events = try await bench.build([]) { $0.buildpacks = [.archive("\(folder)/\(name)")] }
                #expect(events.report != nil, "\(events.text)")
                let image = try #require(try bench.store.image(for: Reference("app")))
                #expect(image.configuration.config.labels["from"] == "tar")
            }
            let absent = try #require(try await bench.build([]) { $0.buildpacks = [.archive("/no/x.tgz")] }.failure)
            #expect(absent.exitCode == 3 && absent.message.contains("/no/x.tgz"), "\(absent)")
            let far = "https://example.org/x.tgz"
            let fetched = try #require(try await bench.build([]) { $0.buildpacks = [.archive(far)] }.failure)
            #expect(fetched.exitCode == 3 && fetched.message.contains("cannot fetch \(far)"), "\(fetched)")
        }
    }

    @Test("Q3: an id may have a version, and stand behind from=builder")
    func ids() {
        #expect(BuildpackChoice("a/b@1.2.3") == .named(BuildpackReference(id: "a/b", version: "1.2.3")))
        #expect(BuildpackChoice("urn:cnb:builder:a@2") == .named(BuildpackReference(id: "a", version: "2")))
        #expect(BuildpackChoice("from=builder:a.b") == .named(BuildpackReference(id: "a.b")))
    }
}
