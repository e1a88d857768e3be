extension ImageConfiguration: Codable {
    private static let fields: Set<String> = [
        "created", "author", "architecture", "os", "os.version", "variant", "config", "rootfs", "history",
    ]

    /// Reads a configuration; `config`, `rootfs` and `history` may be missing.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: FieldName.self)
        created = try fields.value("created")
        author = try fields.value("author")
        architecture = try fields.value("architecture") ?? ""
        os = try fields.value("os") ?? ""
        osVersion = try fields.value("os.version")
        variant = try fields.value("variant")
        config = try fields.value("config") ?? ContainerConfiguration()
        rootfs = try fields.value("rootfs") ?? RootFilesystem()
        history = try fields.value("history") ?? []
        otherFields = try fields.others(than: Self.fields)
    }

    /// Writes the fields that have a value.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.set("created", created)
        try fields.set("author", author)
        try fields.set("architecture", architecture)
        try fields.set("os", os)
        try fields.set("os.version", osVersion)
        try fields.set("variant", variant)
        try fields.set("config", config)
        try fields.set("rootfs", rootfs)
        try fields.set("history", history)
        try fields.set(otherFields)
    }
}
