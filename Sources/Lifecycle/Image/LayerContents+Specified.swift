import LayerArchive
import SystemPackage

/// The layers that the specification defines, as content.
extension LayerContents {
    /// A launch layer, at `/layers/<id>/<name>`.
    static func launchLayer(_ folder: FilePath, buildpack: String, name: String) -> LayerContents {
        let parent = "/layers/" + ProjectCache.escaped(buildpack)
        return LayerContents([
            .directory("/layers", mode: 0o755, owner: .root),
            .directory(parent, mode: 0o755, owner: .root),
            .tree(folder, at: parent + "/" + name, owner: ImageLayerWriter.buildUser, rule: Tree.plainModes),
        ])
    }

    /// A launch or cached layer of an external buildpack: as the one above, but with the modes that it gave its files.
    static func externalLayer(_ folder: FilePath, buildpack: String, name: String) -> LayerContents {
        let parent = "/layers/" + ProjectCache.escaped(buildpack)
        return LayerContents([
            .directory("/layers", mode: 0o755, owner: .root),
            .directory(parent, mode: 0o755, owner: .root),
            .tree(folder, at: parent + "/" + name, owner: ImageLayerWriter.buildUser),
        ])
    }

    /// A folder of bills of materials, at `/layers/sbom/<name>`.
    static func bills(_ folder: FilePath, name: String) -> LayerContents {
        LayerContents([
            .directory("/layers", mode: 0o755, owner: .root),
            .directory("/layers/sbom", mode: 0o755, owner: .root),
            .tree(folder, at: "/layers/sbom/" + name, owner: ImageLayerWriter.buildUser, rule: Tree.plainModes),
        ])
    }

    /// The application's folder: empty, since a release carries all it needs.
    static let app = LayerContents([
        .directory("/workspace", mode: 0o755, owner: ImageLayerWriter.buildUser)
    ])

    static func launcher(_ file: FilePath) -> LayerContents {
        LayerContents([
            .directory("/cnb", mode: 0o755, owner: .root),
            .directory("/cnb/lifecycle", mode: 0o755, owner: .root),
            .copy(file, path: "/cnb/lifecycle/launcher", mode: 0o755, owner: .root),
        ])
    }

    /// What the launcher reads.
    static func config(_ metadata: String) -> LayerContents {
        LayerContents([
            .directory("/layers", mode: 0o755, owner: .root),
            .directory("/layers/config", mode: 0o755, owner: .root),
            .file(Array(metadata.utf8), path: "/layers/config/metadata.toml", mode: 0o644, owner: .root),
        ])
    }

    /// One link to the launcher a process type.
    static func processTypes(_ types: [String]) -> LayerContents {
        LayerContents(
            [
                .directory("/cnb", mode: 0o755, owner: .root),
                .directory("/cnb/process", mode: 0o755, owner: .root),
            ]
                + types.map {
                    .symlink(target: "/cnb/lifecycle/launcher", path: "/cnb/process/\($0)", mode: 0o755, owner: .root)
                })
    }
}
