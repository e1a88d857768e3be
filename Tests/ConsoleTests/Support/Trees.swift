import LayerArchive

@testable import Console
@testable import OCIImage

/// Trees of files of a small image: a run image, a base, dependencies, and the release on top.
enum Trees {
    private static let release = "layers/io.github.carlo-colombo.mix-release/release"

    private static let layers: [[(path: String, kind: TarEntry.Kind, mode: UInt16)]] = [
        [
            ("etc/passwd", .file(size: 900), 0o644), ("bin/sh", .file(size: 120_000), 0o755),
            ("usr/lib/libc.so.6", .file(size: 1_900_000), 0o644), ("usr/bin/su", .file(size: 70_000), 0o4755),
        ],
        [("layers/io.github.carlo-colombo.mix-release/base/erts/bin/beam.smp", .file(size: 6_000_000), 0o755)],
        [
            (
                "layers/io.github.carlo-colombo.mix-release/deps/lib/plug/ebin/Elixir.Plug.beam", .file(size: 40_000),
                0o644
            ),
            ("etc/passwd", .file(size: 950), 0o644),
        ],
        [
            ("\(release)/bin/web_rel", .file(size: 5_100), 0o755),
            ("\(release)/erts-13.1.5", .symlink(target: "../base/erts"), 0o777),
            ("\(release)/releases/0.2.0/sys.config", .file(size: 2_400), 0o644),
            ("\(release)/releases/0.2.0/env.sh", .file(size: 800), 0o644),
            ("\(release)/lib/web-0.2.0/ebin/Elixir.Web.Router.beam", .file(size: 91_000), 0o644),
            ("\(release)/lib/web-0.2.0/priv/static/app-ümlaut.css", .file(size: 210_000), 0o644),
            ("bin/.wh.sh", .file(size: 0), 0o644),
        ],
        [("cnb/lifecycle/launcher", .file(size: 770_000), 0o755)],
    ]

    /// The tree of a layer, or of all up to it.
    static func tree(_ index: Int, isMerged: Bool) -> FileTree {
        var builder = FileTreeBuilder()
        for (number, layer) in layers.prefix(index + 1).enumerated() {
            builder.beginLayer(number)
            for entry in layer {
                builder.add(
                    TarEntry(
                        path: entry.path, kind: entry.kind, mode: entry.mode, owner: Owner(user: 1000, group: 1000)))
            }
        }
        return builder.tree(isMerged ? .merged : .layer)
    }

    /// What the image of the fixtures holds: the sizes of its layers are those of the fixtures.
    static var measure: ImageMeasure {
        var efficiency = efficiency
        for (index, layer) in Fixtures.image().layers.enumerated() {
            efficiency.layers[index] = ContentSize(bytes: layer.size, files: layer.files ?? 42)
        }
        return ImageMeasure(efficiency)
    }

    /// The image of the fixtures against one whose release had one file less, and two of other sizes.
    static func comparison() async -> ImageComparison {
        let new = tree(4, isMerged: true)
        var old: [String: Int64] = [:]
        for id in new.largestFiles(100) { old[new.path(of: id)] = new[id].size }
        old["/\(release)/lib/web-0.2.0/ebin/Elixir.Web.Router.beam"] = 80_000
        old["/\(release)/releases/0.2.0/env.sh"] = nil
        old["/\(release)/lib/web-0.2.0/ebin/Elixir.Web.Gone.beam"] = 12_000
        return ImageComparison(fromSizes: old, to: new)
    }

    /// Where the bytes of the image of the fixtures are, marked as in the comparison.
    static func sizes() async -> SizeTree {
        var tree = SizeTree()
        let comparison = await comparison().tree
        for (index, layer) in Fixtures.image().layers.enumerated() {
            tree.add(layer: index, named: layer.name, Self.tree(index, isMerged: false), comparedIn: comparison)
        }
        return tree
    }

    static var efficiency: ImageEfficiency {
        var builder = FileTreeBuilder()
        for (number, layer) in layers.enumerated() {
            builder.beginLayer(number)
            for entry in layer {
                builder.add(
                    TarEntry(path: entry.path, kind: entry.kind, mode: entry.mode, owner: Owner(user: 0, group: 0)))
            }
        }
        return builder.efficiency
    }

    /// The tree of one layer with so many files, a hundred in a folder.
    static func large(_ count: Int) -> FileTree {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        for number in 0..<count {
            let path = "usr/lib/folder-\(number / 100)/file-\(number)"
            builder.add(
                TarEntry(path: path, kind: .file(size: Int64(number)), mode: 0o644, owner: Owner(user: 0, group: 0)))
        }
        return builder.tree(.layer)
    }
}
