import Console

/// The applications in an image as a bill of materials in CycloneDX 1.5's JSON; the same image gives the same text.
///
/// Components have no purl: the image does not say whether a dependency came from Hex, from git or from a path.
struct MaterialsText {
    private let bill: Bill

    init(_ contents: ImageContents, packages: [ImagePackage]) {
        let image = Component(
            type: "container", reference: nil, name: contents.name, version: contents.manifestDigest?.description ?? "",
            description: nil, properties: nil)
        bill = Bill(metadata: Metadata(component: image), components: packages.map(Component.init))
    }

    /// The bill, keys sorted.
    func json() throws -> String {
        try bill.json()
    }

    private struct Bill: Encodable {
        let bomFormat = "CycloneDX"
        let specVersion = "1.5"
        let version = 1
        var metadata: Metadata
        var components: [Component]
    }

    private struct Metadata: Encodable {
        var component: Component
    }

    fileprivate struct Component: Encodable {
        var type: String
        var reference: String?
        var name: String
        var version: String
        var description: String?
        var properties: [Property]?

        private enum CodingKeys: String, CodingKey {
            case type, name, version, description, properties
            case reference = "bom-ref"
        }
    }

    fileprivate struct Property: Encodable {
        var name: String
        var value: String
    }
}

extension MaterialsText.Component {
    fileprivate init(_ package: ImagePackage) {
        self.init(
            type: package.origin == "project" ? "application" : "library",
            // Two layers may hold the same application.
            reference: "\(package.layer)/\(package.name)@\(package.version)", name: package.name,
            version: package.version, description: package.summary.isEmpty ? nil : package.summary,
            properties: [
                .init(name: "mixpack:origin", value: package.origin),
                .init(name: "mixpack:layer", value: package.layer),
            ])
    }
}
