import Diagnostics
import Lifecycle
import OCIImage

@testable import Console

/// The Image screen.
enum ImageScenes {
    static let all = states + files + facts

    private static let toRelease = ["5", "j", "j", "j", "Enter"]

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
        Scene(name: "image-compared", builds: [Fixtures.finished()], keys: ["4", "b", "5", "P"]).changing {
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

    private static let facts: [Scene] = [
        built("image-waste", ["5", "Enter", "W"]),
        built("image-processes", ["5", "i"]),
        built("image-configuration", ["5", "i", "i"]),
        built("image-labels", ["5", "i", "i", "i"]),
        built("image-container-log", ["5", "K"]).changing { clients in
            clients.containers.stop = { _ in "stopped 1 container" }
            clients.containers.log = { _ in
                AsyncStream {
                    $0.yield("web listens on 4000"); $0.yield("stopping"); $0.finish()
                }
            }
        },
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
