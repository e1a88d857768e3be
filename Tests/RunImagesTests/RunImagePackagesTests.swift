import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("The packages of a run image")
struct RunImagePackagesTests {
    private func packages(_ files: [String: String]) async throws -> [String: String] {
        try await withTemporaryFolder { folder in
            let store = ImageStore(root: folder)
            let transaction = try store.begin()
            var builder = ImageBuilder()
            let items = files.sorted { $0.key < $1.key }.map {
                LayerContents.Item.file(Array($0.value.utf8), path: $0.key, mode: 0o644, owner: .root)
            }
            let folders = ["/var", "/var/lib", "/var/lib/dpkg", "/var/lib/dpkg/status.d"].map {
                LayerContents.Item.directory($0, mode: 0o755, owner: .root)
            }
            builder.append(try await transaction.addLayer(LayerContents(folders + items)).layer)
            let image = try builder.image()
            try await transaction.commit(image, as: [try Reference("run")])
            return try await RunImagePackages(of: image, blobs: store).versions
        }
    }

    @Test("dpkg's list counts what is installed, distroless's folder every file; without either nothing is known")
    func versions() async throws {
        let status = """
            Package: a
            Status: install ok installed
            Version: 1.0-1

            Package: gone
            Status: deinstall ok config-files
            Version: 2

            """
        #expect(try await packages(["/var/lib/dpkg/status": status]) == ["a": "1.0-1"])
        let files = [
            "/var/lib/dpkg/status.d/b": "Package: b\nVersion: 3\n", "/var/lib/dpkg/status.d/b.md5sums": "x  y\n",
        ]
        #expect(try await packages(files) == ["b": "3"])
        #expect(try await packages([:]).isEmpty)
    }
}
