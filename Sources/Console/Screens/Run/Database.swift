import Diagnostics

/// What the row Database asks of the container engine.
package struct DatabaseClient: Sendable {
    /// The database of a project, and the images that one can be made of.
    package var look: @Sendable (_ owner: String) async throws -> DatabaseLook = { _ in DatabaseLook() }
    /// Starts the database of a project, or makes one, and waits until it accepts connections.
    package var start: @Sendable (DatabaseRequest) async throws -> DatabaseStatus = { _ in throw noEngine }
    /// Stops the database of a project; its data stays.
    package var stop: @Sendable (_ owner: String) async throws -> Void = { _ in throw noEngine }
    /// Removes the database of a project with its data and its network.
    package var remove: @Sendable (_ owner: String) async throws -> Void = { _ in throw noEngine }
    /// Fetches an image from its registry.
    package var pull: @Sendable (_ image: String) async throws -> Void = { _ in throw noEngine }

    /// Creates a client that has nothing to offer.
    package init() {}

    private static let noEngine = Failure(.refused, "no container engine")
}

/// What a database is made of.
package struct DatabaseRequest: Sendable, Hashable {
    /// By which it is found again: the project's real path.
    package var owner: String
    /// The name of the application, which becomes that of the database in it.
    package var app: String
    package var image: String

    package init(owner: String, app: String, image: String) {
        self.owner = owner
        self.app = app
        self.image = image
    }
}

/// How a database is, as the engine says; its password stays with the engine.
package struct DatabaseStatus: Sendable, Hashable {
    /// The container's name, by which the project's container reaches it.
    package var name: String
    package var image: String
    /// The volume with its data; `nil` if it has none of its own.
    package var volume: String?
    package var network: String?
    /// `postgres://USER:•••@HOST/NAME`.
    package var shownURL: String
    package var isRunning: Bool
    /// Whether it accepts connections; `nil` if its image has no `pg_isready` to ask.
    package var isReady: Bool?

    package init(
        name: String, image: String, volume: String? = nil, network: String? = nil, shownURL: String = "",
        isRunning: Bool = true, isReady: Bool? = true
    ) {
        self.name = name
        self.image = image
        self.volume = volume
        self.network = network
        self.shownURL = shownURL
        self.isRunning = isRunning
        self.isReady = isReady
    }
}

/// One look at the database of a project.
package struct DatabaseLook: Sendable, Hashable {
    /// `nil` if there is none.
    package var status: DatabaseStatus?
    /// The engine's images of Postgres.
    package var images: [String]

    package init(_ status: DatabaseStatus? = nil, images: [String] = []) {
        self.status = status
        self.images = images
    }
}
