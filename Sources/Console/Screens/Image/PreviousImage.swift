import OCIImage

/// An earlier build of the same image: what the Image screen compares with.
struct PreviousImage: Sendable {
    struct Layer: Sendable {
        var size: Int64
        var diffID: Digest?
    }

    /// How long ago it was built, in words.
    var age: String
    /// The layers, by buildpack and name.
    var layers: [LayerProgress.Identity: Layer]
    /// Whether its files are there to be compared too.
    var hasFiles: Bool

    /// An earlier image whose layers are known from its build alone.
    init(age: String, build: BuildState) {
        self.age = age
        hasFiles = false
        layers = Dictionary(
            build.layers.map { ($0.identity, Layer(size: $0.layer.size, diffID: $0.layer.diffID)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// An earlier image that is there.
    init(_ image: EarlierImage) {
        age = image.age
        hasFiles = true
        layers = Dictionary(
            image.contents.layers.map {
                (.init(buildpack: $0.buildpack, name: $0.name), Layer(size: $0.size, diffID: $0.diffID))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// How a layer differs: nothing, a difference in size, or that it is new.
    func difference(of layer: ImageContents.Layer) -> String? {
        guard let before = layers[.init(buildpack: layer.buildpack, name: layer.name)] else {
            return "not there before"
        }
        if let now = layer.diffID, let then = before.diffID, now == then { return "the same" }
        let bytes = layer.size - before.size
        return bytes == 0 ? (layer.isReused == true ? "the same" : "other content") : ByteCount.difference(bytes)
    }
}
