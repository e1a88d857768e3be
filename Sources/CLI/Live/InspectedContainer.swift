import Console
import Diagnostics
import FoundationEssentials

/// A container as `docker inspect` and `podman inspect` describe it.
struct InspectedContainer {
    let status: ContainerStatus

    /// Reads the one container of the list.
    init(json: String) throws(Failure) {
        guard let list = try? JSONDecoder().decode([Description].self, from: Data(json.utf8)), let found = list.first
        else { throw Failure(.refused, "the engine's account of the container cannot be read") }
        status = found.status
    }

    private struct Description: Decodable {
        struct State: Decodable {
            var isRunning: Bool
            var word: String?
            var exitCode: Int32?
            var isOutOfMemory: Bool?
            var problem: String?
            var start: String?, end: String?
            var health: Health?
            /// Podman's older name for it.
            var healthCheck: Health?

            enum CodingKeys: String, CodingKey {
                case isRunning = "Running"
                case word = "Status"
                case exitCode = "ExitCode"
                case isOutOfMemory = "OOMKilled"
                case problem = "Error"
                case start = "StartedAt"
                case end = "FinishedAt"
                case health = "Health"
                case healthCheck = "Healthcheck"
            }
        }
        struct Health: Decodable {
            var status: String?
            var log: [[String: JSONText]]?

            enum CodingKeys: String, CodingKey {
                case status = "Status"
                case log = "Log"
            }
        }
        /// A text; nothing for another value.
        struct JSONText: Decodable {
            var text: String?

            init(from decoder: any Decoder) throws {
                text = try? decoder.singleValueContainer().decode(String.self)
            }
        }
        struct Network: Decodable {
            var ports: [String: [[String: String]]?]?

            enum CodingKeys: String, CodingKey { case ports = "Ports" }
        }
        struct Configuration: Decodable {
            var image: String?
            var ports: [String: [String: String]]?

            enum CodingKeys: String, CodingKey {
                case image = "Image"
                case ports = "ExposedPorts"
            }
        }
        struct Host: Decodable {
            var network: String?

            enum CodingKeys: String, CodingKey { case network = "NetworkMode" }
        }

        var id: String
        var imageID: String
        var state: State
        var network: Network?
        var configuration: Configuration?
        var host: Host?

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case imageID = "Image"
            case state = "State"
            case network = "NetworkSettings"
            case configuration = "Config"
            case host = "HostConfig"
        }

        var status: ContainerStatus {
            let start = Self.seconds(state.start) ?? 0
            // Podman does not call a container running while it is stopping, and knows no exit code yet.
            let isRunning = state.isRunning || state.word == "stopping"
            let end = isRunning ? nil : Self.seconds(state.end)
            return ContainerStatus(
                id: id, image: name, imageID: imageID, isRunning: isRunning, startedAt: start,
                seconds: end.map { max(0, $0 - start) }, exitCode: state.exitCode ?? 0,
                isOutOfMemory: state.isOutOfMemory ?? false, problem: state.problem ?? "", health: health, ports: ports)
        }

        /// The image's name as people write it: podman puts its own registry in front.
        private var name: String {
            let name = configuration?.image ?? imageID
            for prefix in ["localhost/", "docker.io/library/"] where name.hasPrefix(prefix) {
                return String(name.dropFirst(prefix.count))
            }
            return name
        }

        private var health: ContainerStatus.Health? {
            guard let health = state.health ?? state.healthCheck else { return nil }
            switch health.status {
            case "healthy": return .healthy
            case "starting": return .starting
            case "unhealthy":
                let output = health.log?.last?["Output"]?.text?.split(separator: "\n").last.map(String.init)
                return .unhealthy(output ?? "its check failed")
            default: return nil
            }
        }

        private var ports: [ContainerStatus.Port] {
            if host?.network == "host" {
                return (configuration?.ports ?? [:]).keys.compactMap(Self.number).sorted().map {
                    .init(machine: $0, container: $0)
                }
            }
            let bindings = (network?.ports ?? [:]).flatMap { port, places in
                (places ?? []).compactMap { place -> ContainerStatus.Port? in
                    guard let container = Self.number(port), let machine = place["HostPort"].flatMap({ Int($0) }) else {
                        return nil
                    }
                    return .init(machine: machine, container: container)
                }
            }
            // A port for both versions of IP is there twice.
            return Set(bindings.map { [$0.container, $0.machine] }).sorted { $0.lexicographicallyPrecedes($1) }
                .map { .init(machine: $0[1], container: $0[0]) }
        }

        private static func number(_ port: String) -> Int? { Int(port.prefix { $0 != "/" }) }

        /// Seconds since 1970; `nil` for the engine's zero.
        private static func seconds(_ text: String?) -> Double? {
            guard let text, !text.hasPrefix("0001") else { return nil }
            let whole = text.prefix(19)
            let rest = text.dropFirst(19)
            let zone = rest.drop { $0 == "." || $0.isNumber }
            guard let date = try? Date(whole + zone, strategy: .iso8601) else { return nil }
            let fraction = rest.prefix(rest.count - zone.count)
            return date.timeIntervalSince1970 + (Double("0" + fraction) ?? 0)
        }
    }
}
