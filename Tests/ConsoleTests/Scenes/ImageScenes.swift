import Diagnostics
import Lifecycle
import OCIImage

@testable import Console

/// The Image screen.
enum ImageScenes {
    static let all = states + files + facts + sizes

    private static let toRelease = ["5", "Enter"]

    private static func built(_ name: String, _ keys: [String]) -> Scene {
        Scene(name: name, builds: [Fixtures.finished()], keys: ["4", "b"] + keys)
    }

    private static let states: [Scene] = [
        built("image", ["5"]),
        Scene(name: "image-none", inspection: ProjectInspection(path: "/home/ann/shop"), keys: ["5"]),
        Scene(
            name: "image-opening", keys: ["5"],
            awaits: { $0.console.screen == .image && $0.console.image.isLoading }
        ).changing { clients in
            clients.image.open = { _ in
                let (nothing, giver) = AsyncStream<Void>.makeStream()
                for await _ in nothing {}
                giver.finish()
                throw Failure(.refused, "the wait is over")
            }
        },
        Scene(name: "image-problem", start: .image(place: "oci:out:shop")).changing { clients in
            clients.image.open = { place in
                throw Failure(.refused, "no such image: \(place)", advice: "mixpack build writes one")
            }
        },
        Scene(name: "image-inspected", start: .image(place: "shop:latest")),
        .build("image-after-failure", Fixtures.failed(), "5"),
        Scene(name: "image-compared", builds: [Fixtures.finished()], keys: ["4", "b", "5", "P", "Enter"]).changing {
            clients in
            clients.build.past = { _ in
                [
                    PastBuild(
                        id: "1", image: "shop:latest", age: "1 day ago", ending: .finished, seconds: 5,
                        digest: "cccccccccccc")
                ]
            }
            clients.build.pastEvents = { _, _ in smaller }
        },
        built("image-run-asks", ["5", "r"]),
        built("image-save-asked", ["5", "J"]),
        built("image-send-asked", ["5", "s"]).changing { clients in
            clients.image.engines = {
                ["Docker 27.0.1 at /var/run/docker.sock", "Podman 4.3.1 at /run/podman/podman.sock"]
            }
        },
        built("image-send-taken", ["5", "s", "Down", "Enter"]).changing { clients in
            clients.image.engines = { ["Docker 27.0.1 at /var/run/docker.sock"] }
            clients.image.existing = { image, _ in "\(image) is another image there (0123456789ab)" }
        },
        built("image-name-asked", ["5", "a"]),
        built("image-copy-asked", ["5", "C"]),
    ]

    private static let files: [Scene] = [
        built("image-files", toRelease),
        built("image-files-aggregate", toRelease + ["c", "=", "p"]),
        built("image-files-filtered", toRelease + ["&", "s", "y", "s", "Enter"]),
        built("image-files-filter-empty", toRelease + ["&", "z", "z", "z", "Enter"]),
        built("image-file-view", toRelease + ["&", "e", "n", "v", ".", "s", "Enter", "G", "v"]),
        built("image-files-unreadable", toRelease).changing { clients in
            clients.image.files = { _, _, _ in throw Failure(.refused, "the layer is damaged", advice: "build again") }
        },
    ]

    private static let sizes: [Scene] = [
        built("image-files-searched", toRelease + ["/"] + Scene.typing("sys.config") + ["Enter"]),
        built("image-compare-asked", ["5", "P"]).changing { clients in
            clients.image.comparable = { _ in
                [
                    ComparableImage(.previous, name: "the previous image", detail: "2 h ago"),
                    ComparableImage(.image("shop:old"), name: "shop:old", detail: "25.9 MB  3 days ago"),
                ]
            }
            clients.build.past = { _ in [pastBuild] }
        },
        built("image-compared-files", ["5", "P", "Enter", "Enter"]).changing(compared),
        built("image-size", ["5"]).changing(compared),
        built("image-treemap", ["5", "t"]).changing(compared),
        built("image-treemap-zoomed", ["5", "t", "l", "Enter", "z"]).changing(compared),
        built("image-growth", ["5", "H"]).changing { clients in clients.image.growth = { _, _ in growth } },
        built("build-past-sizes", ["H"]).changing { clients in clients.build.past = { _ in [pastBuild] } },
    ]

    private static let pastBuild = PastBuild(
        id: "1", image: "shop:latest", age: "1 day ago", ending: .finished, seconds: 5, digest: "cccccccccccc",
        size: ImageSize(bytes: 130_600_000, files: 3122, efficiency: 0.994, previousBytes: 129_400_000))

    /// The previous image is known, and what differs from it.
    static let compared: @Sendable (inout ConsoleClients) -> Void = { clients in
        var before = Fixtures.image()
        before.layers[3].summary.size -= 1_200_000
        before.layers[3].summary.diffID = Fixtures.digests[5]
        let previous = EarlierImage("the previous image, 2 h ago", contents: before)
        clients.image.other = { _, _ in previous }
        clients.image.measure = { _ in ImageMeasure(Trees.measure.efficiency, previous: previous) }
        clients.image.comparison = { _, _ in await Trees.comparison() }
    }

    /// Four builds, of which the third added a dependency.
    private static var growth: SizeGrowth {
        let sizes: [(String, Int64, Int64)] = [
            ("5 days ago", 33_100_000, 13_900_000), ("2 days ago", 33_100_000, 14_000_000),
            ("1 day ago", 34_000_000, 14_050_000), ("just now", 34_000_000, 14_100_000),
        ]
        let builds = sizes.map { age, deps, release in
            SizeGrowth.Build(
                age: age,
                layers: [
                    .init("run image 1", 31_000_000), .init("base", 52_000_000), .init("deps", deps),
                    .init("release", release), .init("launcher", 770_000),
                ])
        }
        return SizeGrowth(
            builds: builds,
            first: [
                "/layers/deps/lib/plug-1.15.0/ebin/plug.app": 700, "/layers/release/lib/web-0.1.0/priv/app.css": 90_000,
            ],
            last: [
                "/layers/deps/lib/plug-1.16.1/ebin/plug.app": 800, "/layers/deps/lib/bandit-1.5.7/ebin/b.beam": 900_000,
                "/layers/release/lib/web-0.2.0/priv/app.css": 210_000,
            ])
    }

    private static let facts: [Scene] = [
        built("image-waste", ["5", "Enter", "W"]),
        built("image-processes", ["5", "i"]),
        built("image-configuration", ["5", "i", "i"]),
        built("image-labels", ["5", "i", "i", "i"]),
    ]

    /// The build before, whose release was smaller.
    private static var smaller: [LifecycleEvent] {
        Fixtures.finished().map { event in
            guard case .layer(let change, var layer) = event.kind, layer.name == "release" else { return event }
            layer.size -= 1_200_000
            layer.diffID = Fixtures.digests[5]
            return LifecycleEvent(at: event.time, .layer(change, layer))
        }
    }
}
