/// What the containers of a project are started with: kept for the project, without the value of any secret.
package struct RunOptions: Sendable, Hashable, Codable {
    /// The ports to publish, as `MACHINE:CONTAINER`; none publishes those that the image names.
    package var ports: [String] = []
    /// Folders and volumes, as `SOURCE:PATH[:ro]`.
    package var volumes: [String] = []
    package var network: String? = nil
    /// The process type; `nil` starts the image's default one.
    package var processType: String? = nil
    /// Variables besides those on Secrets; none of them is a secret.
    package var variables: [String: String] = [:]
    /// A file of variables, which the engine reads.
    package var environmentFile: String? = nil
    /// The image of the database that is started beside them; `nil` starts none.
    package var database: String? = nil

    /// Creates options that leave all to the image.
    package init() {}

    /// A row of what can be changed.
    enum Field: String, Sendable, CaseIterable {
        case ports = "Ports"
        case volumes = "Volumes"
        case network = "Network"
        case processType = "Process"
        case variables = "Variables"
        case environmentFile = "Env file"

        /// What to type.
        var help: String {
            switch self {
            case .ports: "MACHINE:CONTAINER or PORT, separated by spaces; empty publishes the image's own"
            case .volumes: "SOURCE:PATH[:ro], separated by spaces; empty mounts nothing"
            case .network: "a network of the engine, or host; empty for the engine's default"
            case .processType: "a process type of the image; empty for its default"
            case .variables: "NAME=VALUE; without a value it is removed; a secret goes to Secrets and is not kept"
            case .environmentFile: "a file of NAME=VALUE lines, which the engine reads; empty for no file"
            }
        }

        /// What is wrong with a text; `nil` if it can be taken.
        func problem(with text: String) -> String? {
            let words = text.split(separator: " ")
            switch self {
            case .ports: return words.allSatisfy(Self.isPort) ? nil : "write PORT or MACHINE:CONTAINER, up to 65535"
            case .volumes:
                return words.allSatisfy { $0.contains(":/") && !$0.hasPrefix(":") } ? nil : "write SOURCE:/PATH"
            case .network, .processType, .environmentFile:
                return text.hasPrefix("-") ? "it must not begin with -" : nil
            case .variables: return text.isEmpty ? nil : SecretsState.problem(withAddition: text)
            }
        }

        private static func isPort(_ text: Substring) -> Bool {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard (1...3).contains(parts.count), parts.first?.hasPrefix("-") == false else { return false }
            return parts.suffix(2).allSatisfy { part in Int(part).map { (1...65_535).contains($0) } ?? false }
        }
    }

    /// The value of a row as it is typed; empty where the image decides.
    func text(of field: Field) -> String {
        switch field {
        case .ports: ports.joined(separator: " ")
        case .volumes: volumes.joined(separator: " ")
        case .network: network ?? ""
        case .processType: processType ?? ""
        case .variables: variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        case .environmentFile: environmentFile ?? ""
        }
    }

    /// Takes what was typed for a row.
    mutating func set(_ field: Field, to text: String) {
        let words = text.split(separator: " ").map(String.init)
        switch field {
        case .ports: ports = words.map { $0.contains(":") ? $0 : "\($0):\($0)" }
        case .volumes: volumes = words
        case .network: network = text.isEmpty ? nil : text
        case .processType: processType = text.isEmpty ? nil : text
        case .variables:
            let name = String(text.prefix { $0 != "=" })
            let value = String(text.dropFirst(name.count + 1))
            if !name.isEmpty { variables[name] = value.isEmpty ? nil : value }
        case .environmentFile: environmentFile = text.isEmpty ? nil : text
        }
    }
}
