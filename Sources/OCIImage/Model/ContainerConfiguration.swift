/// How a container of an image runs
/// ([OCI image specification](https://github.com/opencontainers/image-spec/blob/main/config.md#properties)).
///
/// Fields it does not know, such as Docker's `Healthcheck`, are kept as they were.
package struct ContainerConfiguration: Sendable, Hashable {
    /// User and group, by name or number.
    package var user: String?
    /// The ports it listens on, such as `4000/tcp`.
    package var exposedPorts: Set<String> = []
    /// The environment, as `NAME=value`.
    package var environment: [String] = []
    /// What is run first.
    package var entrypoint: [String]?
    /// The arguments where none are given.
    package var command: [String]?
    package var volumes: Set<String> = []
    package var workingDirectory: String?
    package var labels: [String: String] = [:]
    package var stopSignal: String?
    /// The fields that are not listed here.
    package var otherFields: [String: JSONValue] = [:]

    package init() {}

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

extension ContainerConfiguration: Codable {
    private static let fields: Set<String> = [
        "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal",
    ]

    /// Reads a configuration; every field may be missing or null.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: FieldName.self)
        user = try fields.value("User")
        exposedPorts = try Self.names(fields, "ExposedPorts")
        environment = try fields.value("Env") ?? []
        entrypoint = try fields.value("Entrypoint")
        command = try fields.value("Cmd")
        volumes = try Self.names(fields, "Volumes")
        workingDirectory = try fields.value("WorkingDir")
        labels = try fields.value("Labels") ?? [:]
        stopSignal = try fields.value("StopSignal")
        otherFields = try fields.others(than: Self.fields)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.set("User", user)
        try fields.set("ExposedPorts", Self.object(exposedPorts))
        try fields.set("Env", environment.isEmpty ? nil : environment)
        try fields.set("Entrypoint", entrypoint)
        try fields.set("Cmd", command)
        try fields.set("Volumes", Self.object(volumes))
        try fields.set("WorkingDir", workingDirectory)
        try fields.set("Labels", labels.isEmpty ? nil : labels)
        try fields.set("StopSignal", stopSignal)
        try fields.set(otherFields)
    }

    /// Go writes a set as an object of empty objects.
    private static func names(_ fields: KeyedDecodingContainer<FieldName>, _ name: String) throws -> Set<String> {
        let object: [String: JSONValue]? = try fields.value(name)
        return Set((object ?? [:]).keys)
    }

    private static func object(_ names: Set<String>) -> [String: JSONValue]? {
        names.isEmpty ? nil : Dictionary(uniqueKeysWithValues: names.map { ($0, JSONValue.object([:])) })
    }
}
