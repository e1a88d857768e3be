import OCIImage

/// What came of building an image again, in lines and as JSON.
struct VerificationText {
    private let name: String
    private let verification: Verification

    init(_ name: String, _ verification: Verification) {
        self.name = name
        self.verification = verification
    }

    var text: String {
        guard !verification.isSame else {
            return "same: the build made \(name) again, image ID \(verification.image.id)"
        }
        var lines = [
            "different: \(name) has the image ID \(verification.image.id), the build \(verification.built.id)"
        ]
        let layers = verification.layers
        if !layers.isEmpty { lines.append("layers that differ: \(layers.joined(separator: ", "))") }
        for setting in verification.settings {
            lines.append(
                "\(setting.name): \(Self.value(setting.image)) in the image, \(Self.value(setting.build)) in the build")
        }
        if let files = verification.files { lines.append(ComparisonText(files).text) }
        return lines.joined(separator: "\n")
    }

    private static func value(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "nothing" }

    /// The same as JSON, keys sorted.
    func json() throws -> String {
        let files = verification.files.map { files in
            files.tree.differences.map {
                Document.File(path: files.tree.path(of: $0), change: String(files.tree[$0].change.mark))
            }
        }
        return try Document(
            same: verification.isSame, image: verification.image.id.description,
            build: verification.built.id.description, layers: verification.layers, settings: verification.settings,
            files: files ?? []
        ).json()
    }

    private struct Document: Encodable {
        struct File: Encodable {
            var path: String
            var change: String
        }
        var same: Bool
        var image: String
        var build: String
        var layers: [String]
        var settings: [Verification.Difference]
        var files: [File]
    }
}
