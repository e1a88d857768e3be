/// How a container of an image runs (OCI image specification, "Image Configuration", `config`).
///
/// Fields it does not know, such as Docker's `Healthcheck`, are kept as they were.
package struct ContainerConfiguration: Sendable, Hashable {
    /// User and group, by name or number.
    package var user: String?
    /// The ports it listens on, such as `4000/tcp`.
    package var exposedPorts: Set<String>
    /// The environment, as `NAME=value`.
    package var environment: [String]
    /// What is run first.
    package var entrypoint: [String]?
    /// The arguments where none are given.
    package var command: [String]?
    /// The folders that are volumes.
    package var volumes: Set<String>
    /// The folder it starts in.
    package var workingDirectory: String?
    package var labels: [String: String]
    package var stopSignal: String?
    /// The fields that are not listed here.
    package var otherFields: [String: JSONValue]

    /// Creates a configuration that says nothing.
    package init() {
        exposedPorts = []
        environment = []
        volumes = []
        labels = [:]
        otherFields = [:]
    }

    /// The value of a variable; `nil` where it is not set.
    package func variable(_ name: String) -> String? {
        environment.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Sets a variable in the place where it stands, or at the end.
    package mutating func setVariable(_ name: String, to value: String) {
        let entry = name + "=" + value
        if let place = environment.firstIndex(where: { $0.hasPrefix(name + "=") }) {
            environment[place] = entry
        } else {
            environment.append(entry)
        }
    }
}
