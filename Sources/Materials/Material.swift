/// One thing that an image is made of: an application, a library, a package of the operating system.
package struct Material: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case application, library, container
        case operatingSystem = "operating-system"
    }

    package var kind: Kind
    package var name: String
    package var version: String
    /// The package URL (`PackageURL`); `nil` for what has none.
    package var url: String?
    /// The name in the catalogue of vulnerabilities, for what is known there by no package URL.
    package var cpe: String?
    /// The licences, as the package itself names them.
    package var licences: [String]
    /// The digest of the archive that it came in.
    package var sha256: String?
    package var summary: String?
    /// What only mixpack says about it.
    package var properties: [String: String]

    package init(
        _ kind: Kind, _ name: String, version: String, url: String? = nil, cpe: String? = nil, licences: [String] = [],
        sha256: String? = nil, summary: String? = nil, properties: [String: String] = [:]
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.url = url
        self.cpe = cpe
        self.licences = licences
        self.sha256 = sha256
        self.summary = summary
        self.properties = properties
    }
}

/// What something is made of, for the formats that scanners read.
///
/// The same content gives the same bytes: no document has a time of its own or a random number.
package struct MaterialsBill: Sendable, Hashable {
    /// What the bill is about.
    package let subject: Material
    package let materials: [Material]

    package init(of subject: Material, _ materials: [Material]) {
        self.subject = subject
        self.materials = materials
    }

    /// A format of bills.
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case cycloneDX = "cyclonedx"
        case spdx

        /// The ending of a file in this format, as buildpacks name their bills.
        package var fileEnding: String {
            switch self {
            case .cycloneDX: "cdx.json"
            case .spdx: "spdx.json"
            }
        }

        package var mediaType: String {
            switch self {
            case .cycloneDX: "application/vnd.cyclonedx+json"
            case .spdx: "application/spdx+json"
            }
        }
    }

    /// The document in a format.
    /// - Throws: `Failure` where a digest cannot be made.
    package func document(_ format: Format) throws -> [UInt8] {
        switch format {
        case .cycloneDX: try CycloneDXDocument(self).bytes()
        case .spdx: try SPDXDocument(self).bytes()
        }
    }
}
