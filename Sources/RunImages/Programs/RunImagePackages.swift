import Diagnostics
import OCIImage

/// The packages of an image, as dpkg's list says, or distroless's one file for each.
package struct RunImagePackages: Sendable {
    /// The versions by name.
    package let versions: [String: String]

    /// - Throws: `Failure` if a layer cannot be read.
    package init(of image: Image, blobs: any BlobSource) async throws {
        let root = try await ImageRoot(image, blobs: blobs)
        var versions: [String: String] = [:]
        for name in await root.names(in: Self.folder + "/status.d") {
            let text = try await root.text(of: "\(Self.folder)/status.d/\(name)") ?? ""
            for paragraph in ControlParagraph.all(in: text) where !paragraph.package.name.isEmpty {
                versions[paragraph.package.name] = paragraph.package.version
            }
        }
        let status = try await root.text(of: Self.folder + "/status") ?? ""
        for paragraph in ControlParagraph.all(in: status) where paragraph.isInstalled {
            versions[paragraph.package.name] = paragraph.package.version
        }
        self.versions = versions
    }

    private static let folder = "/var/lib/dpkg"
}

extension PackageDatabase {
    /// The value of `RunImageLabel.packages`; `nil` where there are none, as on a machine without dpkg.
    static func label(of packages: [Package]) -> String? {
        packages.isEmpty
            ? nil : RunImageLabel.text(of: Dictionary(packages.map { ($0.name, $0.version) }) { first, _ in first })
    }
}
