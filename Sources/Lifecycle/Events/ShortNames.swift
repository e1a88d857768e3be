/// Buildpacks and layers as texts name them: as short as possible, and no two of them alike.
///
/// `io.github.carlo-colombo.mix-release` is `mix-release`; beside `paketo/node`, `heroku/node` keeps its `heroku/`.
package struct ShortNames: Sendable, Hashable {
    private var names: [String: String] = [:]

    /// Names buildpacks by all of their ids that a text may have.
    package init(_ ids: some Sequence<String> = []) { insert(ids) }

    /// The names of the buildpacks that made these layers.
    package init(of layers: some Sequence<LayerSummary>) { self.init(layers.compactMap(\.buildpack)) }

    /// Adds ids; a name that is no longer unambiguous gets longer.
    package mutating func insert(_ ids: some Sequence<String>) {
        let all = Set(names.keys).union(ids)
        guard all.count > names.count else { return }
        var counts: [Substring: Int] = [:]
        for id in all { for end in Self.ends(of: id) { counts[end, default: 0] += 1 } }
        names = Dictionary(
            uniqueKeysWithValues: all.map { id in
                (id, Self.ends(of: id).first { counts[$0] == 1 }.map(String.init) ?? id)
            })
    }

    /// The name of a buildpack; an id that was not given is its own name.
    package subscript(id: String) -> String { names[id] ?? id }

    /// A layer with the buildpack that made it: `mix-release:deps`, as pack writes it; and its platform, if only one has it.
    package subscript(layer: LayerSummary) -> String { Self.title(owned(layer), of: layer) }

    private func owned(_ layer: LayerSummary) -> String {
        layer.buildpack.map { "\(self[$0]):\(layer.name)" } ?? layer.name
    }

    private static func title(_ name: String, of layer: LayerSummary) -> String {
        layer.platform.map { "\(name) \($0)" } ?? name
    }

    /// The names of layers, in their order: the layer's own name, with its buildpack where another layer has the same one.
    ///
    /// Layers that no buildpack made have numbers then.
    package static func layers(_ layers: [LayerSummary]) -> [String] {
        let buildpacks = ShortNames(of: layers)
        let owners = Dictionary(grouping: layers, by: \.name).mapValues { Set($0.map(\.buildpack)).count }
        var taken: [String: Int] = [:]
        return layers.map { layer in
            let name = title(owners[layer.name] == 1 ? layer.name : buildpacks.owned(layer), of: layer)
            taken[name, default: 0] += 1
            let number = taken[name] ?? 1
            return number == 1 ? name : "\(name) (\(number))"
        }
    }

    /// The ends of an id that begin after a dot or a slash, the shortest first; the last is the id itself.
    private static func ends(of id: String) -> [Substring] {
        let starts = id.indices.filter { id[$0] == "." || id[$0] == "/" }.map { id.index(after: $0) }
        return ([id.startIndex] + starts).reversed().map { id[$0...] }.filter { end in
            end.contains { $0 != "." && $0 != "/" }
        }
    }
}
