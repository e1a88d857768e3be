import LayerArchive
import Lifecycle
import Reports
import TerminalUI
import TestSupport

@testable import Console
@testable import OCIImage

/// The states that README and docs/ show as pictures: `make docs` draws docs/images from their snapshots.
enum PictureScenes {
    static func all() throws -> [Scene] {
        let edit = try Recording(contentsOf: repositoryFolder().appending("samples/recordings/edit.events")).events
        return [
            Scene(name: "picture-build", builds: [edit], keys: ["4", "b"]),
            .build("picture-stop", Fixtures.failedToCompile()),
            Scene(name: "picture-treemap", builds: [Fixtures.finished()], keys: ["4", "b", "5", "t", "z"]).changing {
                clients in
                ImageScenes.compared(&clients)
                clients.image.sizes = { _, _ in await sizes() }
            },
            Scene(name: "picture-project"),
        ].map { $0.sized(Size(width: 100, height: 28)) }
    }

    /// The shares of an image's files in the sizes of the fixtures' layers, from the lowest layer up: what a small Phoenix
    /// application has.
    private static let shares: [[String: Int64]] = [
        [
            "usr/lib/libcrypto.so.3": 47, "usr/lib/libc.so.6": 19, "usr/lib/libstdc++.so.6": 22, "usr/lib/libm.so.6": 9,
            "usr/lib/libssl.so.3": 7, "usr/lib/libtinfo.so.6": 3, "usr/lib/locale/C.utf8/LC_CTYPE": 4, "bin/bash": 12,
            "bin/sed": 2, "etc/ssl/certs/ca-certificates.crt": 4,
        ],
        [
            "\(folder)/base/erts/bin/beam.smp": 65, "\(folder)/base/erts/bin/erlc": 3, "\(folder)/base/lib/elixir": 62,
            "\(folder)/base/lib/ssl": 22, "\(folder)/base/lib/crypto": 14, "\(folder)/base/lib/kernel": 34,
            "\(folder)/base/lib/stdlib": 58, "\(folder)/base/lib/public_key": 16, "\(folder)/base/lib/logger": 7,
        ],
        [
            "\(folder)/deps/lib/phoenix": 52, "\(folder)/deps/lib/phoenix_live_view": 61, "\(folder)/deps/lib/ecto": 48,
            "\(folder)/deps/lib/ecto_sql": 21, "\(folder)/deps/lib/postgrex": 27, "\(folder)/deps/lib/plug": 19,
            "\(folder)/deps/lib/bandit": 14, "\(folder)/deps/lib/jason": 6, "\(folder)/deps/lib/decimal": 4,
        ],
        [
            "\(folder)/release/lib/web/priv/static/app.js": 48, "\(folder)/release/lib/web/priv/static/app.css": 20,
            "\(folder)/release/lib/web/ebin/Elixir.Web.Router.beam": 9, "\(folder)/release/lib/core/ebin": 16,
            "\(folder)/release/releases/0.2.0/start.boot": 3, "\(folder)/release/releases/0.2.0/sys.config": 1,
        ],
        ["cnb/lifecycle/launcher": 1],
    ]

    private static let folder = "layers/io.github.carlo-colombo.mix-release"

    /// Where those bytes are, against an image whose app.css was smaller and which had no router.
    private static func sizes() async -> SizeTree {
        let layers = Fixtures.image().layers
        var all = FileTreeBuilder()
        var alone: [FileTree] = []
        for (index, files) in shares.enumerated() {
            var one = FileTreeBuilder()
            one.beginLayer(index)
            all.beginLayer(index)
            let total = files.values.reduce(0, +)
            for (path, share) in files.sorted(by: { $0.key < $1.key }) {
                let entry = TarEntry(
                    path: path, kind: .file(size: layers[index].size * share / total), mode: 0o644,
                    owner: Owner(user: 0, group: 0))
                one.add(entry)
                all.add(entry)
            }
            alone.append(one.tree(.layer))
        }
        let merged = all.tree(.merged)
        var old: [String: Int64] = [:]
        for id in merged.largestFiles(100) { old[merged.path(of: id)] = merged[id].size }
        old["/\(folder)/release/lib/web/priv/static/app.css"]? -= 900_000
        old["/\(folder)/release/lib/web/ebin/Elixir.Web.Router.beam"] = nil
        let comparison = ImageComparison(fromSizes: old, to: merged).tree
        var tree = SizeTree()
        for (index, layer) in layers.enumerated() {
            tree.add(layer: index, named: layer.name, alone[index], comparedIn: comparison)
        }
        return tree
    }
}
