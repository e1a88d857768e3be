/// A way to start the image, as its metadata has it: one of `[[processes]]`.
struct ProcessDefinition {
    let type: ByteString
    /// The program, and arguments that always stand.
    let command: [ByteString]
    /// Arguments that the user's may replace.
    let arguments: [ByteString]
    let isDirect: Bool
    let buildpackID: ByteString
    let workingDirectory: ByteString
    /// The execution environments it is for; empty for all.
    let execEnvironments: [ByteString]

    init(_ table: TOMLTable) throws(TOMLError) {
        type = ByteString(try table.string("type") ?? "")
        command = try Self.command(table)
        arguments = (try table.strings("args") ?? []).map { ByteString($0) }
        isDirect = try table.boolean("direct") ?? false
        buildpackID = ByteString(try table.string("buildpack-id") ?? "")
        workingDirectory = ByteString(try table.string("working-dir") ?? "")
        execEnvironments = (try table.strings("exec-env") ?? []).map { ByteString($0) }
    }

    /// Whether it may run in an execution environment.
    func isFor(_ execEnvironment: ByteString) -> Bool {
        execEnvironments.isEmpty || execEnvironments.contains("*") || execEnvironments.contains(execEnvironment)
    }

    /// An array; before Platform API 0.10 a string.
    private static func command(_ table: TOMLTable) throws(TOMLError) -> [ByteString] {
        if case .string(let text)? = table["command"]?.value { return [ByteString(text)] }
        return (try table.strings("command") ?? []).map { ByteString($0) }
    }
}
