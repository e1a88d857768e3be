import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import SystemPackage

extension DatabaseClient {
    static func live(_ databases: DatabaseContainers) -> DatabaseClient {
        var client = DatabaseClient()
        client.look = { try await databases.look(owner: $0) }
        client.start = { try await databases.start($0).status }
        client.stop = { try await databases.stop(owner: $0) }
        client.remove = { try await databases.remove(owner: $0) }
        client.pull = { try await databases.pull($0) }
        return client
    }
}

/// Databases beside the containers of projects, each with a network, a volume and a password of its own.
///
/// The password is made here, reaches the engine's command in its environment, and is read back from the engine, which
/// keeps a container's variables.
struct DatabaseContainers: Sendable {
    let wiring: Wiring
    /// How long a new database may take until it accepts connections.
    var patience = Duration.seconds(60)

    /// Names whose database it is, so that it is found again.
    private static let label = "io.github.carlo-colombo.mixpack.database"

    /// A database that runs.
    struct Running {
        let inspected: InspectedDatabase
        /// Whether it accepts connections; `nil` if that is not known.
        let isReady: Bool?

        var status: DatabaseStatus { inspected.status(isReady: isReady) }
    }

    /// The database of a project, and the images of Postgres that the engine has.
    func look(owner: String) async throws -> DatabaseLook {
        let engine = try await wiring.engineCommand()
        let names = try await engine.lines(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"])
        let images = Self.databases(among: names)
        guard let found = try await find(owner, engine) else { return DatabaseLook(images: images) }
        let isReady = found.isRunning ? await readiness(of: found, engine) : false
        return DatabaseLook(found.status(isReady: isReady), images: images)
    }

    /// The images whose name ends in `postgres`, each once.
    static func databases(among names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { name in
            let path = name.prefix(upTo: name.lastIndex(of: ":") ?? name.endIndex)
            return path.split(separator: "/").last == "postgres" && !name.hasSuffix(":<none>")
                && seen.insert(name).inserted
        }
    }

    /// Starts the database of a project, or makes one, and waits until it accepts connections.
    func start(_ request: DatabaseRequest) async throws -> Running {
        let engine = try await wiring.engineCommand()
        let found = try await find(request.owner, engine)
        if let found, !found.isRunning { _ = try await engine.lines(["start", found.id]) }
        let id = if let found { found.id } else { try await make(request, engine) }
        return try await wait(for: id, engine)
    }

    /// Stops the database of a project.
    func stop(owner: String) async throws {
        let engine = try await wiring.engineCommand()
        guard let found = try await find(owner, engine) else { throw Self.none }
        _ = try await engine.lines(["stop", "-t", "10", found.id])
    }

    /// Removes the database of a project, its volume, and its network if nothing else is on it.
    func remove(owner: String) async throws {
        let engine = try await wiring.engineCommand()
        guard let found = try await find(owner, engine) else { throw Self.none }
        if found.isRunning { _ = try? await engine.lines(["stop", "-t", "10", found.id]) }
        _ = try await engine.lines(["rm", "--force", found.id])
        if let volume = found.volume { _ = try await engine.lines(["volume", "rm", volume]) }
        for network in found.networks.keys { _ = try? await engine.lines(["network", "rm", network]) }
    }

    /// Fetches an image.
    func pull(_ image: String) async throws { _ = try await wiring.engineCommand().lines(["pull", image]) }

    private static let none = Failure(.refused, "the engine has no database of this project any more")

    // MARK: Making one

    /// What a project's database is called; the same folder has the same names.
    struct Names {
        let container: String
        let network: String
        let volume: String

        init(owner: String) {
            let place = ProjectCache(project: FilePath(owner), root: "/").directory
            let name = ProposedImageName.text(app: place.lastComponent?.string, folder: place)
            // A name in DNS has at most 63 characters; the end tells projects apart.
            network = String(name.suffix(56)).drop { $0 == "-" }.description
            container = network + "-db"
            volume = container
        }
    }

    private func make(_ request: DatabaseRequest, _ engine: EngineCommand) async throws -> String {
        let names = Names(owner: request.owner)
        guard (try? await engine.lines(["volume", "inspect", names.volume])) == nil else {
            throw Failure(
                .refused, "the volume \(names.volume) is left over from an earlier database, whose password is lost",
                advice: "remove it: \(engine.name) volume rm \(names.volume)")
        }
        if (try? await engine.lines(["network", "inspect", names.network])) == nil {
            _ = try await engine.lines(["network", "create", names.network])
        }
        let data = try await dataFolder(of: request.image, engine)
        let variables = [
            "POSTGRES_PASSWORD": Self.password(), "POSTGRES_USER": SecretValue("postgres"),
            "POSTGRES_DB": SecretValue(Self.databaseName(request.app)),
        ]
        let words =
            [
                "run", "--detach", "--pull=never", "--name", names.container, "--label",
                "\(Self.label)=\(request.owner)", "--network", names.network, "--volume", "\(names.volume):\(data)",
            ] + variables.keys.sorted().flatMap { ["--env", $0] } + [request.image]
        let (end, text) = try await engine.run(words, variables)
        guard end.isSuccess, let id = text.split(separator: "\n").last.map(String.init) else {
            // What the engine leaves of it would be in the way of the next one.
            _ = try? await engine.lines(["rm", "--force", names.container])
            _ = try? await engine.lines(["volume", "rm", names.volume])
            throw Failure.notStarted(request.image, by: engine.name, status: end.status, output: text)
        }
        return id
    }

    /// Where the image keeps its data: its own volume, or else the usual folder.
    private func dataFolder(of image: String, _ engine: EngineCommand) async throws -> String {
        struct Configuration: Decodable {
            struct Nothing: Decodable {}

            var volumes: [String: Nothing]?
            var variables: [String]?

            enum CodingKeys: String, CodingKey {
                case volumes = "Volumes"
                case variables = "Env"
            }
        }
        let text = try await engine.lines(["image", "inspect", "--format", "{{json .Config}}", image])
            .joined(separator: "\n")
        let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
        let own = configuration?.volumes?.keys.sorted().first { $0.contains("postgres") }
        let named = configuration?.variables?.first { $0.hasPrefix("PGDATA=") }?.dropFirst("PGDATA=".count)
        return own ?? named.map(String.init) ?? "/var/lib/postgresql/data"
    }

    /// 128 bits, in characters that mean nothing in a URL.
    private static func password() -> SecretValue {
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        return SecretValue(String((0..<32).map { _ in digits[Int.random(in: 0..<16, using: &random)] }))
    }

    /// The application's name with what Postgres takes in a name without quotes.
    static func databaseName(_ app: String) -> String {
        let name = String(app.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isLetter == true ? name : "app_\(name)"
    }

    // MARK: Looking at one

    private func find(_ owner: String, _ engine: EngineCommand) async throws -> InspectedDatabase? {
        let filter = "label=\(Self.label)=\(owner)"
        guard let id = try await engine.lines(["ps", "--all", "--quiet", "--filter", filter]).first else { return nil }
        return try await inspect(id, engine)
    }

    private func inspect(_ id: String, _ engine: EngineCommand) async throws -> InspectedDatabase {
        try InspectedDatabase(
            json: try await engine.lines(["inspect", "--type", "container", id]).joined(separator: "\n"))
    }

    /// Waits until it accepts connections, or can not be asked.
    private func wait(for id: String, _ engine: EngineCommand) async throws -> Running {
        let end = ContinuousClock.now + patience
        while true {
            let database = try await inspect(id, engine)
            guard database.isRunning else {
                let said = try? await engine.lines(["logs", "--tail", "1", id]).last
                throw Failure(
                    .refused, "the database \(database.name) ended\(said.map { ": \($0)" } ?? "")",
                    advice: "\(engine.name) logs \(database.name) says more")
            }
            let isReady = await readiness(of: database, engine)
            if isReady != false { return Running(inspected: database, isReady: isReady) }
            guard ContinuousClock.now < end else {
                throw Failure(
                    .refused, "the database \(database.name) does not accept connections after \(patience)",
                    advice: "\(engine.name) logs \(database.name) says why")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Asks over TCP: while it is being set up, the official image answers on its socket only.
    private func readiness(of database: InspectedDatabase, _ engine: EngineCommand) async -> Bool? {
        let words = ["exec", database.id, "pg_isready", "-q", "-h", "127.0.0.1", "-U", database.user]
        guard let end = try? await engine.run(words).end else { return false }
        switch end.status {
        case 0: return true
        // It is starting, or nothing answers.
        case 1, 2: return false
        default: return nil
        }
    }
}
