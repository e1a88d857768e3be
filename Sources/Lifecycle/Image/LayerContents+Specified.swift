import LayerArchive
import SystemPackage

/// The layers that the specification defines, as content.
extension LayerContents {
    /// A launch or cached layer, at `/layers/<id>/<name>`.
    /// - Parameter isExternal: whether files keep the modes that an external buildpack gave them.
    static func layer(_ folder: FilePath, buildpack: String, name: String, isExternal: Bool, owner: Owner)
        -> LayerContents
    {
        let parent = "/layers/" + ProjectCache.escaped(buildpack)
        let rule = isExternal ? nil : Tree.plainModes
        return LayerContents(
            folders("/layers", parent)
                + [.tree(folder, at: parent + "/" + name, owner: owner, rule: rule)])
    }

    /// A folder of bills of materials, at `/layers/sbom/<name>`.
    static func bills(_ folder: FilePath, name: String, owner: Owner) -> LayerContents {
        return LayerContents(
            folders("/layers", "/layers/sbom")
                + [.tree(folder, at: "/layers/sbom/" + name, owner: owner, rule: Tree.plainModes)])
    }

    /// The application's folder: empty, since a release carries all it needs.
    static func app(owner: Owner) -> LayerContents {
        LayerContents([.directory("/workspace", mode: 0o755, owner: owner)])
    }

    static func launcher(_ file: FilePath) -> LayerContents {
        LayerContents(
            folders("/cnb", "/cnb/lifecycle")
                + [.copy(file, path: "/cnb/lifecycle/launcher", mode: 0o755, owner: .root)])
    }

    static func config(_ metadata: String) -> LayerContents {
        let path = "/layers/config/metadata.toml"
        return LayerContents(
            folders("/layers", "/layers/config")
                + [.file(Array(metadata.utf8), path: path, mode: 0o644, owner: .root)])
    }

    /// One link to the launcher a process type.
    static func processTypes(_ types: [String]) -> LayerContents {
        LayerContents(
            folders("/cnb", "/cnb/process")
                + types.map {
                    .symlink(target: "/cnb/lifecycle/launcher", path: "/cnb/process/\($0)", mode: 0o755, owner: .root)
                })
    }

    /// Links beside the layers: where each leads, by its path.
    static func links(_ links: [String: String]) -> LayerContents {
        LayerContents(
            links.sorted { $0.key < $1.key }.map {
                .symlink(target: $0.value, path: $0.key, mode: 0o755, owner: .root)
            })
    }

    private static func folders(_ paths: String...) -> [Item] {
        paths.map { .directory($0, mode: 0o755, owner: .root) }
    }
}
