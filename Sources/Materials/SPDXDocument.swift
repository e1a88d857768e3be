import Digests
import FoundationEssentials

/// A bill in the JSON of [SPDX 2.3](https://spdx.github.io/spdx-spec/v2.3/).
struct SPDXDocument: Encodable {
    let spdxVersion = "SPDX-2.3"
    let dataLicense = "CC0-1.0"
    let SPDXID = "SPDXRef-DOCUMENT"
    let name: String
    /// The specification wants an address of the document's own: here it is made of the content.
    let documentNamespace: String
    let creationInfo = CreationInfo()
    let packages: [Package]
    let relationships: [Relationship]

    struct CreationInfo: Encodable {
        /// The specification wants a time; this is the one that files in images have.
        let created = "1980-01-01T00:00:01Z"
        let creators = ["Tool: mixpack"]
    }

    struct Package: Encodable, Hashable {
        var SPDXID: String
        var name: String
        var versionInfo: String?
        var primaryPackagePurpose: String
        var downloadLocation = "NOASSERTION"
        var filesAnalyzed = false
        var licenseConcluded = "NOASSERTION"
        var licenseDeclared: String
        var licenseComments: String?
        var copyrightText = "NOASSERTION"
        var description: String?
        var checksums: [Checksum]?
        var externalRefs: [Reference]?
    }

    struct Checksum: Encodable, Hashable {
        var algorithm: String
        var checksumValue: String
    }

    struct Reference: Encodable, Hashable {
        var referenceCategory: String
        var referenceType: String
        var referenceLocator: String
    }

    struct Relationship: Encodable, Hashable {
        var spdxElementId: String
        var relationshipType: String
        var relatedSpdxElement: String
    }
}

extension SPDXDocument {
    init(_ bill: MaterialsBill) throws {
        name = bill.subject.name
        let all = [bill.subject] + bill.materials
        let packages = all.enumerated().map { Package($0.element, number: $0.offset) }
        let content = try BillJSON.encode(packages)
        documentNamespace =
            "https://github.com/carlo-colombo/mixpack/spdx/\(Self.plain(name))-\(try MessageDigest.hex(of: content))"
        let subject = packages[0].SPDXID
        relationships =
            [
                Relationship(
                    spdxElementId: SPDXID, relationshipType: "DESCRIBES", relatedSpdxElement: subject)
            ]
            + packages.dropFirst().map {
                Relationship(spdxElementId: subject, relationshipType: "CONTAINS", relatedSpdxElement: $0.SPDXID)
            }
        self.packages = packages
    }

    func bytes() throws -> [UInt8] { try BillJSON.encode(self) }

    /// A name with the characters that identifiers may have.
    static func plain(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" })
    }
}

extension SPDXDocument.Package {
    fileprivate init(_ material: Material, number: Int) {
        SPDXID = "SPDXRef-Package-\(number)-\(SPDXDocument.plain(material.name))"
        name = material.name
        versionInfo = material.version.isEmpty ? nil : material.version
        primaryPackagePurpose = material.kind.rawValue.uppercased()
        description = material.summary
        let licence = SPDXLicence(material.licences)
        licenseDeclared = licence.expression
        licenseComments = licence.comment
        checksums = material.sha256.map { [.init(algorithm: "SHA256", checksumValue: $0)] }
        let url = material.url.map {
            SPDXDocument.Reference(
                referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: $0)
        }
        let cpe = material.cpe.map {
            SPDXDocument.Reference(
                referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: $0)
        }
        let references = [url, cpe].compactMap(\.self)
        externalRefs = references.isEmpty ? nil : references
    }
}

/// The licences of a package in the words of SPDX.
struct SPDXLicence {
    /// The expression, or that nothing is known.
    let expression: String
    /// The package's own words, if they are not of SPDX's list.
    let comment: String?

    init(_ names: [String]) {
        let isKnown = !names.isEmpty && names.allSatisfy(Self.ids.contains)
        expression = isKnown ? names.joined(separator: " AND ") : "NOASSERTION"
        comment = isKnown || names.isEmpty ? nil : "The package says: \(names.joined(separator: ", "))"
    }

    /// Those of [SPDX's list](https://spdx.org/licenses/) that packages of Hex and Debian commonly name.
    static let ids: Set<String> = [
        "0BSD", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-1.1", "Apache-2.0", "Artistic-1.0", "Artistic-2.0",
        "BlueOak-1.0.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "BSL-1.0", "CC0-1.0",
        "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CDDL-1.0", "EPL-1.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only",
        "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.0-or-later", "LGPL-2.1-only",
        "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-1.1", "MPL-2.0", "MS-PL",
        "NCSA", "OFL-1.1", "OpenSSL", "PostgreSQL", "Python-2.0", "Ruby", "Unicode-3.0", "Unlicense", "Vim",
        "WTFPL", "Zlib", "ZPL-2.1",
    ]
}
