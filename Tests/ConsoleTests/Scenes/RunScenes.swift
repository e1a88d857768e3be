import Diagnostics

@testable import Console

/// The Run screen, and what other screens say of it.
enum RunScenes {
    static let all: [Scene] = [
        Scene(name: "run-none", keys: ["6"]),
        Scene(name: "run-no-image", inspection: ProjectInspection(path: "/home/ann/shop"), keys: ["6"]).changing {
            $0.image.open = { _ in throw Failure(.refused, "no such image") }
        },
        running("run-running"),
        running("run-options", keys: ["6", "Tab"]),
        running("run-option-asked", keys: ["6", "Tab", "e"]),
        running("run-once-asked", keys: ["6", "x"]),
        running("run-once", keys: ["6", "x", "Enter"]).changing { clients in
            serve(Fixtures.container(), &clients)
            clients.run.runOnce = { _, take in
                await take("12:00:09.002 [info] == Migrated 20260101 in 0.0s\n")
                return 0
            }
        },
        running("run-filtered", keys: ["6", "&"] + Scene.typing("Sent") + ["Enter"]),
        running("image-while-running", keys: ["5"]),
        running("run-unhealthy").changing { clients in
            var sick = Fixtures.container()
            sick.health = .unhealthy("GET /health: connection refused")
            serve(sick, &clients)
        },
        Scene(
            name: "run-crashed", keys: ["6"],
            begins: { $0.console.run.end != nil && $0.console.run.output.lines.count == 3 },
            concludes: { $0.console.run.output.lines.count == 4 }
        ).changing { clients in
            serve(Fixtures.container(), &clients, log: crash)
            clients.run.follow = { _ in
                var ended = Fixtures.container()
                ended.isRunning = false
                ended.exitCode = 1
                ended.seconds = 1.4
                return AsyncStream {
                    $0.yield(ended)
                    $0.finish()
                }
            }
        },
        refused,
        database("run-database-none", look: DatabaseLook(images: ["docker.io/library/postgres:16"])),
        database(
            "run-database-image", keys: ["e"],
            look: DatabaseLook(images: ["docker.io/library/postgres:16", "localhost/postgres:dev"])),
        database("run-database-up", look: DatabaseLook(Fixtures.database())),
        database("run-database-used", keys: ["r"], look: DatabaseLook(Fixtures.database())),
        database("run-database-asked", keys: ["e"], look: DatabaseLook(Fixtures.database())),
        database("run-database-remove", keys: ["e", "G", "Enter"], look: DatabaseLook(Fixtures.database())),
    ]

    /// The row of a project that reads DATABASE_URL.
    private static func database(_ name: String, keys: [String] = [], look: DatabaseLook) -> Scene {
        var choices = Choices.none
        choices.run.database = look.status?.image
        return Scene(
            name: name, inspection: Fixtures.inspection(Fixtures.withDatabase()), choices: choices,
            keys: ["6", "Tab", "G"] + keys
        ).changing { clients in
            clients.image.open = { _ in Fixtures.imageWithoutVariables() }
            clients.run.database.look = { _ in look }
        }
    }

    private static let log = """
        12:00:01.120 [info] Running ShopWeb.Endpoint with Bandit 1.5.7 at :::4000 (http)
        12:00:03.871 [info] GET /cart
        12:00:03.874 [info] Sent 200 in 3ms
        12:00:07.110 [warning] the cart of ann has items that are sold out
        12:00:08.001 [error] GenServer Shop.Stock terminating
        ** (RuntimeError) the warehouse does not answer
            (shop 0.2.0) lib/shop/stock.ex:41: Shop.Stock.handle_info/2

        """

    private static let crash = """
        12:00:01.120 [notice] Application shop exited: shutdown
        Runtime terminating during boot
        ** (RuntimeError) DATABASE_URL is not set

        """

    private static func serve(_ status: ContainerStatus, _ clients: inout ConsoleClients, log: String = log) {
        clients.run.find = { _, _ in status }
        clients.run.log = { _, take in await take(log) }
    }

    /// A container runs already when the project is opened.
    private static func running(_ name: String, keys: [String] = ["6"]) -> Scene {
        Scene(
            name: name, keys: keys,
            begins: { $0.console.run.now > 0 && $0.console.run.output.lines.count == 7 }
        ).changing { serve(Fixtures.container(), &$0) }
    }

    private static let refused = Scene(
        name: "run-port-taken", keys: ["6", "r"] + Scene.typing("secret-value") + ["Enter"]
    ).changing { clients in
        clients.run.start = { request in
            throw Failure.notStarted(
                request.image, by: "docker", status: 125,
                output: """
                    0f3c1a2b3c4d
                    docker: Error response from daemon: Bind for 0.0.0.0:4000 failed: port is already allocated.
                    See 'docker run --help'.

                    """)
        }
    }
}
