import Console
import Lifecycle
import OCIImage
import Text

/// The files of an image that have the same content, in lines and as JSON.
struct DuplicatesText {
    private let duplicates: [DuplicateContent]
    private let layers: [String]

    init(_ duplicates: [DuplicateContent], layers: [ImageContents.Layer]) {
        self.duplicates = duplicates
        self.layers = ShortNames.layers(layers.map(\.summary))
    }

    private var extra: Int64 { duplicates.reduce(0) { $0 + $1.extra } }

    /// What one copy of each would save, then the copies by layer and path.
    var text: String {
        guard !duplicates.isEmpty else { return "no two files have the same content" }
        let lines = duplicates.flatMap { content in
            ["\(Amount.bytes(content.size)), \(content.copies.count) times, \(Amount.bytes(content.extra)) to save"]
                + content.copies.map { "  \(name(of: $0.layer))  \($0.path)" }
        }
        return (lines + ["\(Amount.bytes(extra)) to save"]).joined(separator: "\n")
    }

    /// The same as JSON, keys sorted.
    func json() throws -> String {
        let contents = duplicates.map { content in
            Document.Content(
                size: content.size, savedBytes: content.extra,
                files: content.copies.map { Document.File(layer: name(of: $0.layer), path: $0.path) })
        }
        return try Document(savedBytes: extra, contents: contents).json()
    }

    private func name(of layer: Int) -> String { layers.indices.contains(layer) ? layers[layer] : "\(layer)" }

    private struct Document: Encodable {
        struct File: Encodable {
            var layer: String
            var path: String
        }
        struct Content: Encodable {
            var size: Int64
            var savedBytes: Int64
            var files: [File]
        }
        var savedBytes: Int64
        var contents: [Content]
    }
}
