import Console
import Lifecycle
import MixInspection
import OCIImage

/// Finds the Erlang and Elixir applications in an image, by the resource file of each.
struct ImagePackages {
    let files: ImageFiles
    let layers: [ImageContents.Layer]

    /// The packages: the project's own first, then dependencies, Elixir and OTP, each by name.
    func list() async throws -> [ImagePackage] {
        var found: [ImagePackage] = []
        for (layer, name) in zip(layers, ShortNames.layers(layers.map(\.summary))) {
            guard case .image(let index)? = layer.source else { continue }
            let tree = try await files.layerTree(index)
            for id in resources(in: tree) {
                let bytes = try await files.content(of: tree.path(of: id), in: index, limit: 1 << 20)
                guard let resource = ApplicationResource(String(decoding: bytes, as: UTF8.self)) else { continue }
                let folder = tree.parent(of: id).flatMap(tree.parent(of:))
                found.append(
                    ImagePackage(
                        name: resource.name, version: resource.version, origin: origin(of: resource.name, layer),
                        layer: name, summary: resource.summary,
                        size: folder.map { tree[$0].totalSize } ?? tree[id].size))
            }
        }
        return found.sorted { (rank($0), $0.name) < (rank($1), $1.name) }
    }

    /// The files `NAME.app` in a folder `ebin`.
    private func resources(in tree: FileTree) -> [FileTree.ID] {
        var found: [FileTree.ID] = []
        var waiting = [FileTree.ID.root]
        while let folder = waiting.popLast() {
            let isEbin = tree.name(of: folder) == "ebin"
            for id in tree.children(of: folder) where tree[id].change != .removed {
                switch tree[id].kind {
                case .directory: waiting.append(id)
                case .file where isEbin && tree.name(of: id).hasSuffix(".app"): found.append(id)
                default: break
                }
            }
        }
        return found
    }

    private static let elixir: Set = ["elixir", "eex", "ex_unit", "iex", "logger", "mix"]
    private static let origins = ["project", "dependency", "Elixir", "Erlang/OTP", "application"]

    /// Where an application comes from, by the layer that mix-release put it into.
    private func origin(of name: String, _ layer: ImageContents.Layer) -> String {
        guard layer.buildpack?.hasSuffix(".mix-release") == true else { return "application" }
        switch layer.name {
        case "release": return "project"
        case "deps": return "dependency"
        case "base": return Self.elixir.contains(name) ? "Elixir" : "Erlang/OTP"
        default: return "application"
        }
    }

    private func rank(_ package: ImagePackage) -> Int { Self.origins.firstIndex(of: package.origin) ?? 9 }
}
