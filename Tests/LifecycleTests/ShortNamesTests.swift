import Lifecycle
import Testing

@Suite("Short names of buildpacks and layers")
struct ShortNamesTests {
    @Test(
        "an id alone is its last part",
        arguments: [
            ("io.github.carlo-colombo.mix-release", "mix-release"), ("paketo/node", "node"), ("x", "x"), ("", ""),
            ("...", "..."),
        ])
    func alone(_ id: String, _ name: String) { #expect(ShortNames([id])[id] == name) }

    @Test(
        "ids that end alike keep as much as tells them apart",
        arguments: [
            (["paketo/node", "heroku/node"], ["paketo/node", "heroku/node"]),
            (["org.a.js.node", "org.b.js.node", "org.b.ruby"], ["a.js.node", "b.js.node", "ruby"]),
            (["node", "paketo/node"], ["node", "paketo/node"]), (["a/b.node", "a.b/node"], ["b.node", "b/node"]),
            (["x.node", "x.node"], ["node", "node"]),
        ])
    func alike(_ ids: [String], _ names: [String]) {
        let short = ShortNames(ids)
        #expect(ids.map { short[$0] } == names)
    }

    @Test("an id that comes later makes names longer, and one that was never given is its own name")
    func later() {
        var short = ShortNames(["paketo/node"])
        #expect(short["paketo/node"] == "node" && short["heroku/node"] == "heroku/node")
        short.insert(["heroku/node"])
        #expect(short["paketo/node"] == "paketo/node")
    }

    private func layer(_ buildpack: String?, _ name: String) -> LayerSummary {
        LayerSummary(buildpack: buildpack, name: name, types: [])
    }

    @Test("layers of one name have their buildpacks' names before it, or numbers if no buildpack made them")
    func layers() {
        let layers = [
            layer(nil, "COPY . ."), layer(nil, "COPY . ."), layer("a/node", "modules"), layer("b/node", "modules"),
            layer("a/node", "node"), layer(nil, "config"), layer("a/node", "config"),
        ]
        #expect(
            ShortNames.layers(layers) == [
                "COPY . .", "COPY . . (2)", "a/node:modules", "b/node:modules", "node", "config", "a/node:config",
            ])
        #expect(ShortNames(of: layers)[layers[3]] == "b/node:modules")
        #expect(ShortNames.layers([layer("a/node", "modules")]) == ["modules"])
    }

    @Test("names of many ids are all different, and whole ends of their ids")
    func distinct() {
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let parts = ["a", "b", "node", "js"]
            let ids = Set(
                (0..<12).map { _ in
                    (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
                        (parts.randomElement() ?? "a") + (Bool.random() ? "." : "/")
                    }.joined() + (parts.randomElement() ?? "a")
                })
            let short = ShortNames(ids)
            #expect(Set(ids.map { short[$0] }).count == ids.count)
            for id in ids { #expect(id.hasSuffix(short[id])) }
        }
    }
}
