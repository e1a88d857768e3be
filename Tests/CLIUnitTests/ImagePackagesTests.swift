import Console
import LayerArchive
import Lifecycle
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("The applications in an image")
struct ImagePackagesTests {
    @Test("the project's own come first, then dependencies, Elixir and Erlang/OTP, each by name")
    func order() async throws {
        let layers = [
            ("base", ["stdlib-4.2", "elixir-1.14.0", "kernel-8.5", "mix-1.14.0"]),
            ("base-native", []), ("deps", ["jason-1.4.0", "aaa-1.0.0"]),
            ("release", ["shop-0.1.0", "zeta-0.1.0"]),
        ]
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let transaction = try store.begin()
            var builder = ImageBuilder()
            for (layer, applications) in layers {
                var files = applications.map { application -> LayerContents.Item in
                    let (name, version) = (application.prefix { $0 != "-" }, application.drop { $0 != "-" }.dropFirst())
                    let text = "{application, \(name), [{vsn, \"\(version)\"}]}."
                    return .file(
                        Array(text.utf8), path: "/lib/\(application)/ebin/\(name).app", mode: 0o644, owner: .root)
                }
                if layer == "base-native" {
                    let library = [UInt8](repeating: 1, count: 5000)
                    files = [.file(library, path: "/lib/kernel-8.5/priv/lib/x.so", mode: 0o755, owner: .root)]
                }
                builder.append(try await transaction.addLayer(LayerContents(files)).layer)
            }
            let image = try builder.image()
            try await transaction.commit(image, as: [try Reference("app")])
            let known = layers.enumerated().map { index, layer in
                ImageContents.Layer(
                    LayerSummary(buildpack: "x.mix-release", name: layer.0, types: .launch),
                    source: .image(index: index))
            }
            let found = try await ImagePackages(files: ImageFiles(image, blobs: store), layers: known).list()
            #expect(
                found.map { "\($0.origin) \($0.name) \($0.version)" } == [
                    "project shop 0.1.0", "project zeta 0.1.0", "dependency aaa 1.0.0", "dependency jason 1.4.0",
                    "Elixir elixir 1.14.0", "Elixir mix 1.14.0", "Erlang/OTP kernel 8.5", "Erlang/OTP stdlib 4.2",
                ])
            #expect(found.map { $0.size > 5000 } == [false, false, false, false, false, false, true, false])
        }
    }
}
