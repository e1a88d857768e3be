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

    /// Writes the fields that have a value.
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
