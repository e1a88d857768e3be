import FoundationEssentials
import OCIImage
import SystemPackage
import TestSupport
import Testing

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
