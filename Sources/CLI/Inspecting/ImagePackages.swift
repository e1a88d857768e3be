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
        var native: [String: Int64] = [:]
        for (layer, name) in zip(layers, ShortNames.layers(layers.map(\.summary))) {
            guard case .image(let index)? = layer.source else { continue }
            let tree = try await files.layerTree(index)
            if isOfRelease(layer), layer.name == "base-native" { native = nativeSizes(in: tree) }
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
        for (index, package) in found.enumerated() where Self.toolchain.contains(package.origin) {
            found[index].size += native["\(package.name)-\(package.version)"] ?? 0
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

    /// The bytes of native code that applications have in a layer of its own, by the names of their folders.
    private func nativeSizes(in tree: FileTree) -> [String: Int64] {
        var sizes: [String: Int64] = [:]
        var waiting = [FileTree.ID.root]
        while let folder = waiting.popLast() {
            let isLibrary = tree.name(of: folder) == "lib"
            for id in tree.children(of: folder) where tree[id].kind == .directory {
                if isLibrary { sizes[tree.name(of: id)] = tree[id].totalSize } else { waiting.append(id) }
            }
        }
        return sizes
    }

    private static let elixir: Set = ["elixir", "eex", "ex_unit", "iex", "logger", "mix"]
    private static let origins = ["project", "dependency", "Elixir", "Erlang/OTP", "application"]

    private static let toolchain: Set = ["Elixir", "Erlang/OTP"]

    private func isOfRelease(_ layer: ImageContents.Layer) -> Bool {
        layer.buildpack?.hasSuffix(".mix-release") == true
    }

    /// Where an application comes from, by the layer that mix-release put it into.
    private func origin(of name: String, _ layer: ImageContents.Layer) -> String {
        guard isOfRelease(layer) else { return "application" }
        switch layer.name {
        case "release": return "project"
        case "deps": return "dependency"
        case "base": return Self.elixir.contains(name) ? "Elixir" : "Erlang/OTP"
        default: return "application"
        }
    }

    private func rank(_ package: ImagePackage) -> Int { Self.origins.firstIndex(of: package.origin) ?? 9 }
}
