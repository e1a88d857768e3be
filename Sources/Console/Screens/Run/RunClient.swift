import Diagnostics
import SystemPackage

/// What the Run screen asks of the container engine.
package struct RunClient: Sendable {
    /// Starts a container in the background, in place of the one that ran for the same project; if the engine does not
    /// start it, that one runs on.
    package var start: @Sendable (ContainerRequest) async throws -> ContainerStatus = { _ in throw noEngine }
    /// The container that runs for a project, or else the newest one of an image; `nil` if none runs.
    package var find: @Sendable (_ owner: String, _ image: String?) async -> ContainerStatus? = { _, _ in nil }
    /// How a container is, again whenever that changes, until it has ended.
    package var follow: @Sendable (_ container: String) -> AsyncStream<ContainerStatus> = { _ in
        AsyncStream { $0.finish() }
    }
    /// Hands over what a container prints, in whole lines, until it ends; waits for `take`, so that nothing piles up.
    package var log: @Sendable (_ container: String, _ take: @Sendable (String) async -> Void) async -> Void = { _, _ in
    }
    /// Stops a container in order.
    package var stop: @Sendable (_ container: String) async throws -> Void = { _ in throw noEngine }
    /// Runs a command in a container of its own, or in one that runs, and gives its exit code.
    package var runOnce:
        @Sendable (ContainerCommand, _ take: @escaping @Sendable (String) async -> Void) async throws -> Int32 = {
            _, _ in throw noEngine
        }
    /// The command that opens a shell on the node of a running container; `program` is the release's own script.
    package var remoteCommand: @Sendable (_ container: String, _ program: String) async throws -> [String] = { _, _ in
        throw noEngine
    }
    /// The command that opens a shell of the system in a running container.
    package var shellCommand: @Sendable (_ container: String) async throws -> [String] = { _ in throw noEngine }
    /// Opens an address in the browser and names the program that does; `nil` if there is no browser here.
    package var browse: @Sendable (_ address: String) async -> String? = { _ in nil }
    /// The command that shows the whole log of a container in the user's pager.
    package var logCommand: @Sendable (_ container: String) async throws -> InteractiveCommand = { _ in throw noEngine }
    /// The database beside the container.
    package var database = DatabaseClient()
    /// Seconds since 1970.
    package var now: @Sendable () -> Double = { 0 }

    /// Creates a client that has nothing to offer.
    package init() {}

    private static let noEngine = Failure(.refused, "no container engine")
}

/// What a container is started with.
package struct ContainerRequest: Sendable, Hashable {
    package var image: String
    /// By which it is found again: the project's real path, or the image's name.
    package var owner: String
    /// The folder that relative paths of the options begin at.
    package var folder: FilePath
    package var options: RunOptions
    /// The ports to publish, as the engine takes them.
    package var ports: [String]
    /// Its variables; their values travel in the environment of the engine's command, never in its arguments.
    package var variables: [String: SecretValue]
    /// The database that is started before it, and that `DATABASE_URL` then leads to.
    package var database: DatabaseRequest?

    package init(
        image: String, owner: String, folder: FilePath, options: RunOptions = RunOptions(), ports: [String] = [],
        variables: [String: SecretValue] = [:], database: DatabaseRequest? = nil
    ) {
        self.image = image
        self.owner = owner
        self.folder = folder
        self.options = options
        self.ports = ports
        self.variables = variables
        self.database = database
    }
}

/// A command that is run once: in a container of its own, or in the one that runs.
package struct ContainerCommand: Sendable, Hashable {
    package var request: ContainerRequest
    /// The program in the image and its arguments.
    package var words: [String]
    /// The running container that it is for; `nil` gives it one of its own.
    package var container: String?
}

/// How a container is, as the engine tells it.
package struct ContainerStatus: Sendable, Hashable {
    /// What the image's own check says.
    package enum Health: Sendable, Hashable {
        case starting
        case healthy
        /// What the check printed last.
        case unhealthy(String)
    }

    package var id: String
    /// The image's name, and its ID.
    package var image: String, imageID: String
    package var isRunning: Bool
    /// When it was started, in seconds since 1970.
    package var startedAt: Double
    /// How many seconds it ran, once it has ended.
    package var seconds: Double?
    package var exitCode: Int32
    package var isOutOfMemory: Bool
    /// What the engine says went wrong; empty if nothing did.
    package var problem: String
    /// `nil` if the image has no check.
    package var health: Health?
    /// The ports on this machine, with those in the container.
    package var ports: [Port]

    /// A port of the machine that leads into the container.
    package struct Port: Sendable, Hashable {
        package var machine: Int, container: Int

        package init(machine: Int, container: Int) {
            self.machine = machine
            self.container = container
        }
    }

    /// Creates the status of a container that runs.
    package init(
        id: String, image: String, imageID: String = "", isRunning: Bool = true, startedAt: Double = 0,
        seconds: Double? = nil, exitCode: Int32 = 0, isOutOfMemory: Bool = false, problem: String = "",
        health: Health? = nil, ports: [Port] = []
    ) {
        self.id = id
        self.image = image
        self.imageID = imageID
        self.isRunning = isRunning
        self.startedAt = startedAt
        self.seconds = seconds
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.problem = problem
        self.health = health
        self.ports = ports
    }

    /// The ID as people write it.
    package var shortID: String { String(id.prefix(12)) }
    /// The address of its first port.
    package var address: String? { ports.first.map { "http://localhost:\($0.machine)" } }
}
