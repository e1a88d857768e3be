import Console
import LayerArchive
import Lifecycle
import Materials
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("What an image is made of")
struct ImageMaterialsTests {
    private typealias Files = [String: String]

    /// The bill of an image with a layer of the run image and layers with names.
    private func materials(_ base: Files, _ layers: [(name: String, files: Files)]) async throws -> [Material] {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let transaction = try store.begin()
            var builder = ImageBuilder()
            for files in [base] + layers.map(\.files) {
                let items = files.sorted { $0.key < $1.key }.map { path, text in
                    LayerContents.Item.file(Array(text.utf8), path: path, mode: 0o644, owner: .root)
                }
                builder.append(try await transaction.addLayer(LayerContents(items)).layer)
            }
            let image = try builder.image()
            try await transaction.commit(image, as: [try Reference("app")])
            var contents = ImageContentsReader(name: "app", image: image, places: []).contents
            contents.layers = (["run image 1"] + layers.map(\.name)).enumerated().map { index, name in
                ImageContents.Layer(
                    LayerSummary(buildpack: nil, name: name, types: .launch), source: .image(index: index))
            }
            return try await ImageMaterials(files: ImageFiles(image, blobs: store), contents: contents).bill().materials
        }
    }

    private let base = [
        "/usr/lib/os-release": "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n",
        "/var/lib/dpkg/status.d/libc6": "Package: libc6\nSource: glibc\nVersion: 2.36-9\nArchitecture: amd64\n",
        "/var/lib/dpkg/status.d/libc6.md5sums": "0 /lib/libc.so.6\n",
    ]

    @Test("the bills in the image, and the packages of the run image with its release")
    func bills() async throws {
        let jason = Material(.library, "jason", version: "1.4.1", url: "pkg:hex/jason@1.4.1", licences: ["Apache-2.0"])
        let bill = MaterialsBill(of: Material(.application, "shop", version: "1"), [jason])
        let text = String(decoding: try bill.document(.cycloneDX), as: UTF8.self)
        let spdx = String(decoding: try bill.document(.spdx), as: UTF8.self)
        let folder = "/layers/sbom/launch/example_bp"
        let found = try await materials(
            base, [("sbom", ["\(folder)/sbom.cdx.json": text, "\(folder)/sbom.spdx.json": spdx])])
        #expect(found.first == jason)
        #expect(found.map(\.name) == ["jason", "debian", "libc6"])
        #expect(found[1].kind == .operatingSystem && found[1].version == "12")
        #expect(found[2].url == "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc")
    }

    @Test("without a bill, the applications by their own files")
    func applications() async throws {
        let file = ["/lib/jason-1.4.1/ebin/jason.app": "{application, jason, [{vsn, \"1.4.1\"}]}."]
        let found = try await materials([:], [("deps", file)])
        #expect(found.map(\.url) == ["pkg:otp/jason@1.4.1"])
    }
}
