import SecretSearch

/// A secret's value in a layer of the image.
struct LayerSecret {
    var finding: SecretFinding
    /// The layer, in words.
    var layer: String

    var name: String { finding.name }

    /// Where it is, and how it is written there.
    var place: String { "\(finding.place) of layer \(layer), \(finding.form.words)" }
}
