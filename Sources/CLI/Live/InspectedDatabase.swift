import Console
import Diagnostics
import FoundationEssentials
import Lifecycle

/// The container of a database, as `docker inspect` and `podman inspect` describe it.
struct InspectedDatabase {
    let id: String
    let name: String
    let image: String
    let isRunning: Bool
    /// The volume with its data.
    let volume: String?
    /// Its networks, with its address in each.
    let networks: [String: String]
    private let variables: [String: String]

    /// Reads the one container of the list.
    init(json: String) throws(Failure) {
        guard let list = try? JSONDecoder().decode([Description].self, from: Data(json.utf8)), let found = list.first
        else { throw Failure(.refused, "the engine's account of the database cannot be read") }
        id = found.id
        name = String(found.name.drop { $0 == "/" })
        image = found.configuration.image
        isRunning = found.state.isRunning
        volume = found.mounts?.first { $0.type == "volume" }?.name
        networks = (found.network?.networks ?? [:]).mapValues { $0.address ?? "" }
        variables = Dictionary(
            (found.configuration.environment ?? []).map { line in
                let name = line.prefix { $0 != "=" }
                return (String(name), String(line.dropFirst(name.count + 1)))
            }, uniquingKeysWith: { $1 })
    }

    /// The network that it was made for.
    var network: String? { networks.keys.sorted().first }

    /// Its URL; the engine keeps the password among the container's variables, and nothing else does.
    var url: SecretValue { SecretValue(url(password: variables["POSTGRES_PASSWORD"] ?? "")) }

    func status(isReady: Bool?) -> DatabaseStatus {
        DatabaseStatus(
            name: name, image: image, volume: volume, network: network, shownURL: url(password: "•••"),
            isRunning: isRunning, isReady: isReady)
    }

    var user: String { variables["POSTGRES_USER"] ?? "postgres" }

    private func url(password: String) -> String {
        "postgres://\(user):\(password)@\(name)/\(variables["POSTGRES_DB"] ?? user)"
    }

    private struct Description: Decodable {
        struct State: Decodable {
            var isRunning: Bool

            enum CodingKeys: String, CodingKey { case isRunning = "Running" }
        }
        struct Configuration: Decodable {
            var image: String
            var environment: [String]?

            enum CodingKeys: String, CodingKey {
                case image = "Image"
                case environment = "Env"
            }
        }
        struct Mount: Decodable {
            var type: String
            var name: String?

            enum CodingKeys: String, CodingKey {
                case type = "Type"
                case name = "Name"
            }
        }
        struct Place: Decodable {
            var address: String?

            enum CodingKeys: String, CodingKey { case address = "IPAddress" }
        }
        struct Network: Decodable {
            var networks: [String: Place]?

            enum CodingKeys: String, CodingKey { case networks = "Networks" }
        }

        var id: String
        var name: String
        var state: State
        var configuration: Configuration
        var mounts: [Mount]?
        var network: Network?

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case name = "Name"
            case state = "State"
            case configuration = "Config"
            case mounts = "Mounts"
            case network = "NetworkSettings"
        }
    }
}

extension InspectedDatabase {
    /// What must not be shown of what its users print.
    var secrets: Redactor { url.withValue { Redactor(databaseURL: $0) } }
}

extension Redactor {
    /// Masks the password of a database's URL, wherever it is; a short one may be a word of everyday output.
    init(databaseURL url: String) {
        self.init(secrets: Self.password(inDatabaseURL: url).map { ["DATABASE_URL": $0] } ?? [:])
    }

    /// The password that is masked; `nil` if there is none to mask.
    static func password(inDatabaseURL url: String) -> String? {
        let user = url.firstRange(of: "://").map { url[$0.upperBound...].prefix { $0 != "@" && $0 != "/" } } ?? ""
        let password = user.firstIndex(of: ":").map { String(user[user.index(after: $0)...]) } ?? ""
        return password.count >= 16 ? password : nil
    }
}
