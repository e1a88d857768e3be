import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage

@testable import Console

/// The Images screen.
enum ImagesScenes {
    static let all: [Scene] = [
        scene("images", []),
        Scene(name: "images-none", keys: ["7"]).changing { clients in
            clients.images.holdings = { Holdings(store: StoreInventory([]), caches: CacheInventory(), now: now) }
        },
        Scene(name: "images-problem", keys: ["7"]).changing { clients in
            clients.images.holdings = { throw Failure(.unreadable, "cannot read /home/ann/.local/share/mixpack") }
        },
        scene("images-delete-asked", ["Down", "D"]),
        scene("images-cache-delete-asked", ["Tab", "D"]),
        scene("images-prune-asked", ["p"]),
        scene("images-prune-confirm", ["p", "Enter"]),
        scene("images-prune-size-wrong", ["p", "G", "Enter", "x", "Enter"]),
        scene("images-tag-asked", ["a"]),
        scene("images-compare-asked", ["P"]),
        scene("images-verified", ["v"]),
    ]

    static let now: Int64 = 1_700_000_000
    private static let day: Int64 = 86_400

    private static func scene(_ name: String, _ keys: [String]) -> Scene {
        Scene(name: name, keys: ["7"] + keys).changing { clients in
            clients.images.holdings = { try holdings() }
            clients.images.verify = { name in
                name.familiarName == "shop:1.0" ? ["/images/blobs/sha256/bb does not hold what its name says"] : []
            }
        }
    }

    /// An image with its previous one and a tag, on a run image; another project's; two caches, one of a project that is gone.
    static func holdings() throws -> Holdings {
        let base: [String: Int64] = ["base": 14_200_000, "otp": 10_800_000]
        func entry(
            _ name: String, _ part: StoreItem.Part = .image, ago: Int64, _ blobs: [String: Int64]
        ) throws -> StoreInventory.Entry {
            StoreInventory.Entry(
                StoreItem(try Reference(name), part, time: (now - ago) * 1_000_000_000),
                digest: try Digest(of: Array(blobs.keys.sorted().joined().utf8)),
                blobs: base.merging(blobs) { $1 })
        }
        let latest = try entry("shop", ago: 180, ["deps": 900_000, "release": 124_900])
        let store = StoreInventory(
            [
                try entry("localhost:5000/team/worker:2025-01-31", ago: 2 * day, ["worker": 2_100_000]),
                try entry("mixpack.invalid/run-image:0f1e2d3c4b5a", ago: 9 * day, [:]),
                latest, try entry("shop", .previous, ago: 3600, ["deps": 900_000, "old": 112_000]),
                try entry("shop:1.0", ago: 41 * day, ["deps-1": 1_000_000, "release-1": 130_000]),
            ], unused: 12_000)
        let projects = [
            CacheInventory.Project(
                folder: "/cache/shop-0123456789ab", path: "/home/ann/shop", bytes: 118_000_000, seconds: now - 180),
            CacheInventory.Project(
                folder: "/cache/old-ba9876543210", path: "/home/ann/work/an-older-project", isThere: false,
                bytes: 64_000_000, seconds: now - 70 * day),
        ]
        var makers: [Digest: String] = [:]
        if let digest = latest.digest { makers[digest] = "/home/ann/shop" }
        return Holdings(store: store, caches: CacheInventory(projects: projects, makers: makers), now: now)
    }
}
