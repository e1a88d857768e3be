import Console
import Lifecycle
import OCIImage
import Reports
import Text

/// An image in words and as JSON, for `mixpack inspect` without a screen.
struct ImageText {
    private let contents: ImageContents
    private let packages: [ImagePackage]
    private let efficiency: ImageEfficiency

    init(_ contents: ImageContents, packages: [ImagePackage] = [], efficiency: ImageEfficiency) {
        self.contents = contents.measured(by: efficiency)
        self.packages = packages
        self.efficiency = efficiency
    }

    /// The image in lines.
    var text: String {
        let head = [
            contents.name, "  manifest  \(contents.manifestDigest?.description ?? "")",
            "  image ID  \(contents.imageID?.description ?? "")", "  size      \(size)",
        ]
        let names = ShortNames(of: contents.layers.map(\.summary))
        let layers = contents.layers.map { layer in
            "  \(Amount.bytes(layer.size).leftPadded(to: 10))  \(layer.diffID?.short ?? "")  \(names[layer.summary])"
        }
        let configuration = contents.configuration.map { "  \($0.name.padding(to: 12)) \($0.value)" }
        let processes = contents.processes.map { process in
            "  \(process.type.padding(to: 12)) \((process.command + process.arguments).joined(separator: " "))"
        }
        let labels = contents.labels.map { "  \($0.name) = \($0.value)" }
        return
            (head + ["Layers"] + layers + packageLines + ["Processes"] + processes + ["Configuration"] + configuration
            + ["Labels"]
            + labels)
            .joined(separator: "\n")
    }

    /// `26.1 MB in 1 214 files, 99.4 % efficient`.
    private var size: String {
        let content = efficiency.content
        let score = Amount.decimal(efficiency.score * 100, digits: 1)
        return "\(Amount.bytes(content.bytes)) in \(Amount.grouped(content.files)) files, \(score) % efficient"
    }

    private var packageLines: [String] {
        guard !packages.isEmpty else { return [] }
        let width = packages.map(\.name.count).max() ?? 0
        return ["Packages"]
            + packages.map { "  \($0.name.padding(to: width))  \($0.version.padding(to: 10))  \($0.origin)" }
    }

    /// The image as JSON, keys sorted.
    /// - Parameter listed: what its name leads to, if that has images for several platforms.
    func json(in listed: ListedImages? = nil) throws -> String {
        var document = Document(contents, packages, efficiency)
        document.index = listed?.document
        return try document.json()
    }

    private struct Document: Encodable {
        struct Layer: Encodable {
            var buildpack: String?
            var name: String
            /// The size of the blob.
            var size: Int64
            var contentSize: Int64
            var files: Int?
            var diffID: String?
            var digest: String?
            var isBase: Bool
        }
        var index: ListedImages.Document?
        var name: String
        var manifestDigest: String?
        var imageID: String?
        var layers: [Layer]
        struct Package: Encodable {
            var name: String
            var version: String
            var origin: String
            var layer: String
            var size: Int64
        }
        var labels: [String: String]
        var configuration: [[String]]
        var packages: [Package]
        /// The bytes of the files in all layers.
        var contentSize: Int64
        var files: Int
        var efficiency: Double
        var wastedBytes: Int64
        var reclaimableBytes: Int64

        init(_ contents: ImageContents, _ packages: [ImagePackage], _ efficiency: ImageEfficiency) {
            contentSize = efficiency.content.bytes
            files = efficiency.content.files
            self.efficiency = efficiency.score
            wastedBytes = efficiency.wastedBytes
            reclaimableBytes = efficiency.reclaimableBytes
            self.packages = packages.map {
                Package(name: $0.name, version: $0.version, origin: $0.origin, layer: $0.layer, size: $0.size)
            }
            name = contents.name
            manifestDigest = contents.manifestDigest?.description
            imageID = contents.imageID?.description
            layers = contents.layers.map {
                Layer(
                    buildpack: $0.buildpack, name: $0.name, size: $0.blobSize ?? $0.size, contentSize: $0.size,
                    files: $0.files, diffID: $0.diffID?.description,
                    digest: $0.digest?.description, isBase: $0.isBase)
            }
            labels = Dictionary(contents.labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            configuration = contents.configuration.map { [$0.name, $0.value] }
        }
    }
}
