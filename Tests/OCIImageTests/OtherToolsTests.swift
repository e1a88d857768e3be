import FoundationEssentials
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing
import Text

/// skopeo and umoci take what is written here.
@Suite struct OtherToolsTests {
    @Test("umoci unpacks an image of the store, with owners and links as they were given")
    func umoci() async throws {
        let umoci = try findTool("umoci")
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            try await SampleImage.commit("hello", to: store, as: "app")
            let layout = store.layout(of: try Reference("app")).path
            let bundle = folder.appending("bundle")
            _ = try await run(umoci, ["unpack", "--image", "\(layout):latest", bundle.string]).succeeded()
            #expect(try bundle.appending("rootfs/app/hello").readText() == "hello")
            #expect(try bundle.appending("config.json").readText().contains("/app/hello"))
        }
    }

    @Test(
        "names that are not UTF-8 are in the image byte for byte: as umoci, skopeo, our tree and our extraction have them"
    )
    func rawNames() async throws {
        let (umoci, skopeo) = (try findTool("umoci"), try findTool("skopeo"))
        try await withTemporaryFolder { folder in
            try folder.appending("tree").writeRaw([0xE9], "one")
            try folder.appending("tree").writeRaw([0xFF], linkTo: [0x61, 0xE9])
            let store = ImageStore(root: folder.appending("store"))
            let transaction = try store.begin()
            var builder = ImageBuilder(platform: .current)
            let contents = LayerContents([.tree(folder.appending("tree"), at: "/x", owner: .root)])
            builder.append(try await transaction.addLayer(contents).layer, createdBy: "x")
            try await transaction.commit(try builder.image(), as: [try Reference("raw")])
            let layout = store.layout(of: try Reference("raw")).path
            let copy = folder.appending("copy")
            _ = try await run(skopeo, ["copy", "oci:\(layout):latest", "oci:\(copy):there"]).succeeded()
            let bundle = folder.appending("bundle")
            _ = try await run(umoci, ["unpack", "--image", "\(copy):there", bundle.string]).succeeded()
            #expect(try bundle.appending("rootfs/x").rawNames() == [[0xE9], [0xFF]])
            let image = try await LayoutDirectory(copy, tag: "there").image()
            let files = ImageFiles(image, blobs: LayoutDirectory(copy, tag: "there"))
            let name = "/x/" + String(fileName: [0xE9])
            let tree = try await files.layerTree(0)
            #expect(tree.node(at: name).map { tree.path(of: $0) } == name)
            let link = tree.node(at: "/x/" + String(fileName: [0xFF]))
            #expect(link.flatMap { tree.linkTarget(of: $0) }?.fileNameBytes == [0x61, 0xE9])
            let out = folder.appending("out")
            try out.makeFolder()
            try await files.extract(name, in: 0, to: out.appending(String(fileName: [0xE9])))
            #expect(try out.rawNames() == [[0xE9]])
        }
    }

    @Test("skopeo reads the store's layout, with the digest that we gave")
    func skopeo() async throws {
        let skopeo = try findTool("skopeo")
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let layout = store.layout(of: try Reference("app")).path
            let end = try await run(skopeo, ["inspect", "oci:\(layout):latest"]).succeeded()
            #expect(end.output.contains(image.digest.description))
            let archive = folder.appending("image.tar")
            _ = try await run(skopeo, ["copy", "oci:\(layout):latest", "docker-archive:\(archive):app:latest"])
                .succeeded()
            #expect(archive.isThere)
        }
    }

    @Test("an image that skopeo wrote into a layout is read back with the same ID and layers")
    func copied() async throws {
        let skopeo = try findTool("skopeo")
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let image = try await SampleImage.commit("hello", to: store, as: "app")
            let layout = store.layout(of: try Reference("app")).path
            let copy = folder.appending("copy")
            _ = try await run(skopeo, ["copy", "oci:\(layout):latest", "oci:\(copy):there"]).succeeded()
            let read = try await LayoutDirectory(copy, tag: "there").image()
            #expect(read.id == image.id)
            #expect(read.layers.map(\.diffID) == image.layers.map(\.diffID))
            #expect(read.layers[0].descriptor.mediaType == .gzipLayer)
            try await ImageValidator().validate(read, blobs: LayoutDirectory(copy, tag: "there"))
        }
    }

    @Test("skopeo and umoci take an image that was built on Docker's layers")
    func dockerBase() async throws {
        let (skopeo, umoci) = (try findTool("skopeo"), try findTool("umoci"))
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder.appending("store"))
            let transaction = try store.begin()
            let base = try await SampleImage.stage("below", in: transaction)
            var docker = base.manifest
            docker.mediaType = .dockerManifest
            docker.config.mediaType = .dockerConfiguration
            for index in docker.layers.indices { docker.layers[index].mediaType = .dockerLayer }
            let image = try Image(
                manifestBytes: try CanonicalJSON.encode(docker), configurationBytes: base.configurationBytes)
            var builder = ImageBuilder(base: image)
            builder.append(try await transaction.addLayer(SampleImage.app("above")).layer, createdBy: "above")
            try await transaction.commit(try builder.image(), as: [try Reference("app")])
            let layout = store.layout(of: try Reference("app")).path
            let bundle = folder.appending("bundle")
            _ = try await run(umoci, ["unpack", "--image", "\(layout):latest", bundle.string]).succeeded()
            #expect(try bundle.appending("rootfs/app/hello").readText() == "above")
            for place in ["docker-archive:\(folder)/image.tar:app:latest", "oci:\(folder)/copy:app"] {
                _ = try await run(skopeo, ["copy", "oci:\(layout):latest", place]).succeeded()
            }
        }
    }
}
