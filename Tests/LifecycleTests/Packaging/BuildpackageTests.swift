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
    private static let composite = BuildpackDescriptor(
        id: "test.both", version: "1.2.3", api: "0.10", name: "Both",
        order: [[BuildpackReference(id: "test.one", version: "1.2.3")]])

    /// A package whose program is a script that sets a label.
    private func package(in folder: FilePath, label: String = "yes") throws -> Buildpackage {
        let program = folder.appending("program")
        try program.write(
            """
            #!/bin/sh
            case "$0" in */detect) exit 0 ;; esac
            printf '[[labels]]\\nkey = "packaged"\\nvalue = "\(label)"\\n' > "$1/launch.toml"
            """, mode: 0o755)
        return Buildpackage([Self.component, Self.composite], program: program, stacks: ["stack.one", "stack.two"])
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
                #expect(folders.compactMap { $0.lastComponent?.string } == ["one", "both"])
            }
            #expect(
                try place.tree() == [
                    "both", "both/buildpack.toml", "one", "one/bin", "one/bin/build", "one/bin/detect",
                    "one/buildpack.toml",
                ])
            let one = try DirectoryBuildpack(place.appending("one"), runner: bench.runner)
            var read = one.descriptor
            read.homepage = "https://example.org"
            #expect(read == Self.component)
            #expect(one.manifest.targets.map(\.os) == ["linux"])
            #expect(one.manifest.isOwn && !one.manifest.needsBash)
            let manifest = try place.appending("one/buildpack.toml").readText()
            #expect(manifest.contains("[[stacks]]\nid = \"stack.one\"\n\n[[stacks]]\nid = \"stack.two\"\n"))
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

    @Test("Q3: a buildpackage has a layer a buildpack at /cnb/buildpacks, and labels that list them")
    func image() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let image = try await package(in: folder).image(in: bench.store, as: try Reference("bp"))
            let paths = try await [bench.paths(of: image, layer: 0), bench.paths(of: image, layer: 1)]
            let root = "/cnb/buildpacks/test.one/1.2.3"
            #expect(
                paths[0].suffix(5) == [
                    root, "\(root)/bin", "\(root)/bin/build", "\(root)/bin/detect", "\(root)/buildpack.toml",
                ])
            #expect(paths[1].last == "/cnb/buildpacks/test.both/1.2.3/buildpack.toml")
            let labels = image.configuration.config.labels
            let metadata = try JSONValue(parsing: labels["io.buildpacks.buildpackage.metadata"] ?? "")
            #expect(metadata["id"]?.string == "test.both")
            #expect(metadata["version"]?.string == "1.2.3")
            let layers = try JSONValue(parsing: labels["io.buildpacks.buildpack.layers"] ?? "")
            let one = layers["test.one"]?["1.2.3"]
            #expect(one?["api"]?.string == "0.10")
            #expect(one?["layerDiffID"]?.string == image.layers[0].diffID.description)
            #expect(one?["stacks"]?.array?.compactMap { $0["id"]?.string } == ["stack.one", "stack.two"])
            let group = layers["test.both"]?["1.2.3"]?["order"]?.array?.first?["group"]?.array
            #expect(group?.first?["id"]?.string == "test.one")
            let again = try await package(in: folder).image(in: bench.store, as: try Reference("bp"))
            #expect(again.digest == image.digest)
        }
    }

    @Test("Q3: a build takes its buildpacks from a buildpackage, and unpacks it once")
    func build() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let place = try await place(bench, package(in: folder).image(in: bench.store, as: try Reference("bp")))
            for _ in 1...2 {
                let events = try await bench.build([]) { $0.buildpacks = [.image(place)] }
                #expect(events.report != nil, "\(events.text)")
            }
            let image = try #require(try bench.store.image(for: Reference("app")))
            #expect(image.configuration.config.labels["packaged"] == "yes")
            let next = try await self.place(
                bench, package(in: folder, label: "next").image(in: bench.store, as: try Reference("bp")))
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
            ("from=builder", "builder"), ("./x", "folder(\"./x\")"), ("x.cnb", "image(oci-archive:x.cnb)"),
            ("oci:dir:tag", "image(oci:dir:tag)"), ("oci-archive:x.cnb", "image(oci-archive:x.cnb)"),
            ("docker://localhost:5000/bp", "image(docker://localhost:5000/bp:latest)"),
        ])
    func words(text: String, expected: String) {
        let choice = "\(BuildpackChoice(text))"
        #expect(choice.hasSuffix(expected), "\(choice)")
    }

    @Test("Q3: an id may have a version, and stand behind from=builder")
    func ids() {
        #expect(BuildpackChoice("a/b@1.2.3") == .named(BuildpackReference(id: "a/b", version: "1.2.3")))
        #expect(BuildpackChoice("from=builder:a.b") == .named(BuildpackReference(id: "a.b")))
    }
}
