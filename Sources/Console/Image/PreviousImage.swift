/// The layers of an earlier build of the same image: what the Image screen compares with.
struct PreviousImage: Sendable {
    /// How long ago it was built, in words.
    var age: String
    /// The layers, by buildpack and name.
    var layers: [LayerProgress.Identity: LayerProgress]

    init(age: String, build: BuildState) {
        self.age = age
        layers = Dictionary(build.layers.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// How a layer differs: nothing, a difference in size, or that it is new.
    func difference(of layer: ImageContents.Layer) -> String? {
        guard let before = layers[.init(buildpack: layer.buildpack, name: layer.name)]?.layer else {
            return "not there before"
        }
        if let now = layer.diffID, let then = before.diffID, now == then { return "the same" }
        let bytes = layer.size - before.size
        return bytes == 0 ? (layer.isReused == true ? "the same" : "other content") : ByteCount.difference(bytes)
    }
}
