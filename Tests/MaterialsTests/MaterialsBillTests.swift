import FoundationEssentials
import Materials
import Testing

@Suite("Bills of materials")
struct MaterialsBillTests {
    private static let checksum = String(repeating: "0a", count: 32)
    private static let jason = Material(
        .library, "jason", version: "1.4.1", url: "pkg:hex/jason@1.4.1", licences: ["Apache-2.0"], sha256: checksum,
        summary: "JSON", properties: ["mixpack:layer": "deps"])
    private static let bill = MaterialsBill(
        of: Material(.application, "shop", version: "0.1.0"),
        [
            jason, Material(.library, "odd", version: "1", licences: ["MIT", "Ask me"]),
            Material(.application, "erlang", version: "25", cpe: "cpe:2.3:a:erlang:erlang\\/otp:25:*:*:*:*:*:*:*"),
        ])

    /// The fields of a document that the test asks for.
    private struct Document: Decodable {
        struct Part: Decodable {
            var name: String
            var SPDXID: String?
            var licenseDeclared: String?
            var licenseComments: String?
            var externalRefs: [Reference]?
            var checksums: [Checksum]?
        }
        struct Reference: Decodable {
            var referenceType: String
            var referenceLocator: String
        }
        struct Checksum: Decodable { var checksumValue: String }
        struct Relationship: Decodable {
            var relationshipType: String
            var relatedSpdxElement: String
        }
        var spdxVersion: String
        var documentNamespace: String
        var packages: [Part]
        var relationships: [Relationship]
    }

    @Test("what CycloneDX's document lists can be read back, and two documents of the same are the same")
    func cycloneDX() throws {
        let bytes = try Self.bill.document(.cycloneDX)
        #expect(try bytes == Self.bill.document(.cycloneDX))
        #expect(MaterialsBill.materials(inCycloneDX: bytes) == Self.bill.materials)
        let text = String(decoding: bytes, as: UTF8.self)
        // A licence of SPDX's list goes by its id, any other by its name.
        #expect(text.contains(#""id" : "Apache-2.0""#) && text.contains(#""name" : "Ask me""#))
        #expect(!text.contains("serialNumber") && !text.contains("timestamp"))
        #expect(MaterialsBill.materials(inCycloneDX: Array(#"{"bomFormat":"other"}"#.utf8)) == nil)
    }

    @Test("two components of the same package URL have references of their own")
    func references() throws {
        let bill = MaterialsBill(of: Material(.application, "a", version: ""), [Self.jason, Self.jason])
        let text = String(decoding: try bill.document(.cycloneDX), as: UTF8.self)
        #expect(text.contains(#""bom-ref" : "pkg:hex/jason@1.4.1""#))
        #expect(text.contains(#""bom-ref" : "pkg:hex/jason@1.4.1#1""#))
    }

    @Test("SPDX's document has every package with its purl, and declares only licences that SPDX knows")
    func spdx() throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(try Self.bill.document(.spdx)))
        #expect(document.spdxVersion == "SPDX-2.3")
        #expect(document.packages.map(\.name) == ["shop", "jason", "odd", "erlang"])
        let jason = document.packages[1]
        #expect(jason.externalRefs?.map(\.referenceLocator) == ["pkg:hex/jason@1.4.1"])
        #expect(jason.licenseDeclared == "Apache-2.0" && jason.checksums?.first?.checksumValue == Self.checksum)
        #expect(document.packages[2].licenseDeclared == "NOASSERTION")
        #expect(document.packages[2].licenseComments == "The package says: MIT, Ask me")
        #expect(document.packages[3].externalRefs?.map(\.referenceType) == ["cpe23Type"])
        #expect(document.relationships.map(\.relationshipType) == ["DESCRIBES", "CONTAINS", "CONTAINS", "CONTAINS"])
        let ids = document.packages.compactMap(\.SPDXID)
        #expect(Set(ids).count == 4 && document.relationships.allSatisfy { ids.contains($0.relatedSpdxElement) })
        let other = MaterialsBill(of: Self.bill.subject, [Self.jason])
        let again = try JSONDecoder().decode(Document.self, from: Data(try other.document(.spdx)))
        #expect(again.documentNamespace != document.documentNamespace)
    }
}
