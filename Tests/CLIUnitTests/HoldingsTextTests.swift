import Lifecycle
import OCIImage
import TestSupport
import Testing

@testable import CLI

@Suite("What the images command prints")
struct HoldingsTextTests {
    private func holdings() throws -> Holdings {
        func entry(_ name: String, _ part: StoreItem.Part, _ blobs: [String: Int64]) throws -> StoreInventory.Entry {
            let item = StoreItem(try Reference(name), part, time: 1_000_000_000_000)
            return StoreInventory.Entry(item, digest: try Digest(of: Array(name.utf8)), blobs: blobs)
        }
        let store = StoreInventory([
            try entry("shop", .image, ["base": 5000, "new": 300]),
            try entry("shop", .previous, ["base": 5000, "old": 200]),
            try entry("other", .image, ["base": 5000, "more": 100]),
        ])
        let project = CacheInventory.Project(
            folder: "/cache/shop-0123456789ab", path: "/src/shop", bytes: 4000, seconds: 1000)
        return Holdings(store: store, caches: CacheInventory(projects: [project]), now: 1600)
    }

    @Test("sizes, shared and own, with the previous image below its name; what a prune frees")
    func table() throws {
        let lines = HoldingsText(try holdings()).text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("image ") && lines[0].hasSuffix("from"))
        #expect(lines[1].hasPrefix("shop:latest ") && lines[1].contains("  5.3 kB  5.0 kB  500 B  10 min ago"))
        #expect(lines[2].hasPrefix("  its previous image"))
        #expect(lines.last == "5.6 kB in images, 4.0 kB in caches; mixpack images prune frees 200 B")
    }

    @Test("the same as JSON, in bytes")
    func json() throws {
        let text = try HoldingsText(try holdings()).json()
        for words in ["\"own\" : 500", "\"shared\" : 5000", "\"cachesSize\" : 4000", "\"imagesSize\" : 5600"] {
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test("fields of names come from mix.exs, git's files and the clock")
    func names() throws {
        try withTemporaryFolder { folder in
            try MiniProject().write(to: folder)
            try folder.appending(".git/HEAD").write("ref: refs/heads/feature/cart\n")
            try folder.appending(".git/refs/heads/feature/cart").write(String(repeating: "ab", count: 20) + "\n")
            let values = NameValues(of: folder, release: nil, machine: Machine(), now: .init(timeIntervalSince1970: 0))
            let templates = try ["{version}", "{git.branch}", "{git.sha}", "{date}"].map {
                try NameTemplate("shop:\($0)")
            }
            #expect(
                try values.references(templates, of: Reference("shop")).map(\.description)
                    == ["shop:0.1.0", "shop:feature-cart", "shop:abababababab", "shop:19700101"])
        }
    }
}
