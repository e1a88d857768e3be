import Glibc
import LayerArchive
import TestSupport
import Testing

/// Layers whose digests the reference lifecycle gives.
@Suite struct GoldenLayerTests {
    static let user = Owner(user: 1000, group: 1000)

    @Test("an empty layer is two blocks of zeros")
    func empty() throws {
        #expect(try measured([]).count == 1024)
        #expect(try digest([]) == "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
    }

    @Test(
        "process types have the digest that the lifecycle gives",
        arguments: [
            (["web"], "83d85471d9f8a3834b4e27cf701e3f0aef220cc816d9c173c7d32cd73909a590"),
            (["some-type", "other-type"], "ce5941007e8f485f14799f7fdc8134def17284a8d0ee71382532d15ac5aaf17e"),
        ])
    func processTypes(types: [String], expected: String) throws {
        let folders = ["/cnb", "/cnb/process"].map { LayerContents.Item.directory($0, mode: 0o755, owner: .root) }
        let links = types.map { type in
            LayerContents.Item.symlink(
                target: "/cnb/lifecycle/launcher", path: "/cnb/process/\(type)", mode: 0o755, owner: .root)
        }
        #expect(try digest(folders + links) == expected)
    }

    @Test("a path that is cut in the header does not end in a slash, which would make a folder of a file")
    func cutPath() throws {
        let start = String(repeating: "a", count: 99)
        for end in ["é/b", "/é/b", "//é"] {
            let entry = TarEntry(path: start + end, kind: .file(size: 0), mode: 0o644, owner: .root)
            let name = try entry.header().suffix(512).prefix(100)
            #expect(Array(name) == Array(start.utf8) + [0])
        }
    }

    @Test("the launcher's layer has the digest that the lifecycle gives")
    func launcher() throws {
        let items: [LayerContents.Item] = [
            .directory("/cnb", mode: 0o755, owner: .root),
            .directory("/cnb/lifecycle", mode: 0o755, owner: .root),
            .file(Array("launcher-content".utf8), path: "/cnb/lifecycle/launcher", mode: 0o755, owner: .root),
        ]
        #expect(try digest(items) == "eb8cd01c7ae3cc4b516ccee89832066897b6728ba2b43044bf4c0fcb34826ba3")
    }

    @Test("a layer made from a folder has the digest that the lifecycle gives")
    func folder() throws {
        try withTemporaryFolder { folder in
            try folder.appending("bin/tool").write("#!/bin/sh\n", mode: 0o755)
            try folder.appending("bin").setMode(0o755)
            try folder.appending("data").write("cached-data\n", mode: 0o644)
            try #require(symlink("bin/tool", folder.appending("link").string) == 0)
            let items: [LayerContents.Item] = [
                .directory("/layers", mode: 0o755, owner: .root),
                .directory("/layers/bp.id", mode: 0o755, owner: .root),
                .tree(folder, at: "/layers/bp.id/layer1", owner: Self.user, rule: rootIs755),
            ]
            #expect(try measured(items).count == 5632)
            #expect(try digest(items) == "41b97b62e3fda7c350284be7a4bde146b0f9552175ffcb709d992f50bc00b5d5")
        }
    }

    @Test(
        "long and unusual names have the digest that Go's archive/tar gives",
        arguments: [
            (
                String(repeating: "a", count: 60) + "/" + String(repeating: "b", count: 38), 1000,
                "7eb48ff811ffe910ad9f24d0ecb8b41c9927c81f53ead0be38d92019840515cf"
            ),
            (
                String(repeating: "a", count: 140) + "/" + String(repeating: "b", count: 140), 1000,
                "d6f169bc9543fc5cbdc68100a98da80fef203811a35e9198db679a878ceb84b4"
            ),
            ("caf\u{E9}", 1000, "f778981531ac545d8c215e2b34f247066d4989e290266228add1d48aca93b166"),
            ("f", 3_000_000, "20c77c72c39e37b8b00a85b12e373a9ee8ddc89a914b651be8411139c411300d"),
        ])
    func names(name: String, id: Int, expected: String) throws {
        let owner = Owner(user: id, group: id)
        let item = LayerContents.Item.file([120], path: "/layers/bp.id/layer1/" + name, mode: 0o644, owner: owner)
        #expect(try digest([item]) == expected)
    }

    /// mkdtemp makes its folder 700.
    private var rootIs755: LayerContents.Tree.Rule {
        { $0.path.isEmpty ? 0o755 : $0.mode }
    }

    private func measured(_ items: [LayerContents.Item]) throws -> DigestSink {
        let sink = try DigestSink()
        try LayerContents(items).write(to: sink)
        return sink
    }

    private func digest(_ items: [LayerContents.Item]) throws -> String {
        try measured(items).digest ?? ""
    }
}
