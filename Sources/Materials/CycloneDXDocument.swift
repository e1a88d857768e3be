import FoundationEssentials

/// A bill in the JSON of [CycloneDX 1.5](https://cyclonedx.org/docs/1.5/json/).
struct CycloneDXDocument: Codable {
    var bomFormat = "CycloneDX"
    var specVersion = "1.5"
    var version = 1
    var metadata: Metadata?
    var components: [Component]?
    var dependencies: [Dependency]?

    struct Metadata: Codable {
        var component: Component
        var tools: Tools?
    }

    struct Tools: Codable {
        var components: [Component]
    }

    struct Dependency: Codable {
        var ref: String
        var dependsOn: [String]
    }

    struct Component: Codable {
        var type: String
        var reference: String?
        var group: String?
        var name: String
        var version: String?
        var description: String?
        var hashes: [Hash]?
        var licenses: [Choice]?
        var cpe: String?
        var purl: String?
        var properties: [Property]?

        enum CodingKeys: String, CodingKey {
            case type, group, name, version, description, hashes, licenses, cpe, purl, properties
            case reference = "bom-ref"
        }
    }

    struct Hash: Codable {
        var alg: String
        var content: String
    }

    /// A licence, or an expression of several.
    struct Choice: Codable {
        var license: Licence?
        var expression: String?
    }

    struct Licence: Codable {
        var id: String?
        var name: String?
    }

    struct Property: Codable {
        var name: String
        var value: String?
    }
}

extension CycloneDXDocument {
    init(_ bill: MaterialsBill) {
        let subject = Component(bill.subject, reference: Self.subjectReference)
        var taken: [String: Int] = [Self.subjectReference: 1]
        let components = bill.materials.map { material in
            let name = material.url ?? "\(material.name)@\(material.version)"
            let count = taken[name, default: 0]
            taken[name] = count + 1
            return Component(material, reference: count == 0 ? name : "\(name)#\(count)")
        }
        let tool = Component(type: "application", name: "mixpack")
        metadata = Metadata(component: subject, tools: Tools(components: [tool]))
        self.components = components
        dependencies = [Dependency(ref: Self.subjectReference, dependsOn: components.compactMap(\.reference))]
    }

    private static let subjectReference = "subject"

    func bytes() throws -> [UInt8] { try BillJSON.encode(self) }
}

extension CycloneDXDocument.Component {
    init(type: String, name: String) {
        self.type = type
        self.name = name
    }

    fileprivate init(_ material: Material, reference: String) {
        self.init(type: material.kind.rawValue, name: material.name)
        self.reference = reference
        version = material.version.isEmpty ? nil : material.version
        description = material.summary
        hashes = material.sha256.map { [.init(alg: "SHA-256", content: $0)] }
        let licences = material.licences.map { name in
            CycloneDXDocument.Choice(
                license: SPDXLicence.ids.contains(name) ? .init(id: name) : .init(name: name))
        }
        licenses = licences.isEmpty ? nil : licences
        cpe = material.cpe
        purl = material.url
        let properties = material.properties.sorted { $0.key < $1.key }
            .map { CycloneDXDocument.Property(name: $0.key, value: $0.value) }
        self.properties = properties.isEmpty ? nil : properties
    }

    /// What the component says; kinds that are not known count as libraries.
    fileprivate var material: Material {
        let found = (licenses ?? []).compactMap { $0.expression ?? $0.license?.id ?? $0.license?.name }
        let properties = (properties ?? []).compactMap { property in property.value.map { (property.name, $0) } }
        return Material(
            Material.Kind(rawValue: type) ?? .library, [group, name].compactMap(\.self).joined(separator: "/"),
            version: version ?? "", url: purl, cpe: cpe, licences: found,
            sha256: hashes?.first { $0.alg == "SHA-256" }?.content, summary: description,
            properties: Dictionary(properties) { $1 })
    }
}

extension MaterialsBill {
    /// Reads what a document in CycloneDX's JSON lists; `nil` for what is not such a document.
    package static func materials(inCycloneDX bytes: [UInt8]) -> [Material]? {
        guard let document = try? JSONDecoder().decode(CycloneDXDocument.self, from: Data(bytes)),
            document.bomFormat == "CycloneDX"
        else { return nil }
        return (document.components ?? []).map(\.material)
    }
}

/// The JSON of bills: sorted keys and lines for people.
enum BillJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Array(try encoder.encode(value))
    }
}
