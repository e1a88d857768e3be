/// What is to be started, chosen from the image's processes and the user's arguments.
struct LaunchProcess {
    /// Its type; `nil` for a command of the user's.
    let type: ByteString?
    let command: [ByteString]
    let arguments: [ByteString]
    let isDirect: Bool
    /// The folder it starts in; empty for the application's.
    let workingDirectory: ByteString
    /// The buildpack that defined it; `nil` for a command of the user's.
    let buildpack: LaunchBuildpack?

    /// Chooses the process that the launcher was called as, else the command that the user gave.
    /// - Parameter arguments: The launcher's own arguments, its name first.
    init(_ arguments: [ByteString], _ image: LaunchImage) throws(LaunchError) {
        let called = arguments.first?.baseName ?? ""
        let user = Array(arguments.dropFirst())
        if image.metadata.processes.contains(where: { $0.type == called }) {
            try self.init(type: called, user: user, image)
        } else {
            try self.init(user: user, image)
        }
    }

    private init(type: ByteString, user: [ByteString], _ image: LaunchImage) throws(LaunchError) {
        let definition = try Self.definition(of: type, image)
        let buildpack = image.metadata.buildpack(definition.buildpackID)
        let api = buildpack?.api ?? APIVersion(0, 0)
        guard buildpack != nil || (definition.arguments.isEmpty && user.isEmpty) else {
            throw LaunchError(
                .launch,
                "process " + type + " is of buildpack " + definition.buildpackID + ", which is not in the image")
        }
        self.type = type
        self.buildpack = buildpack
        command = definition.command
        isDirect = definition.isDirect
        workingDirectory = api < APIVersion(0, 8) ? "" : definition.workingDirectory
        if user.isEmpty {
            self.arguments = definition.arguments
        } else if image.platformAPI >= APIVersion(0, 10), command.count > 1 || api >= APIVersion(0, 9) {
            self.arguments = user
        } else {
            self.arguments = definition.arguments + user
        }
    }

    private init(user: [ByteString], _ image: LaunchImage) throws(LaunchError) {
        isDirect = user.first == "--"
        let words = isDirect ? Array(user.dropFirst()) : user
        guard let program = words.first else {
            let types = image.metadata.processes.map { $0.type }.joined(by: ", ")
            throw LaunchError(
                .launch,
                "when there is no default process a command is required; give one after --, or start the image as one of: "
                    + types)
        }
        type = nil
        command = [program]
        arguments = Array(words.dropFirst())
        workingDirectory = ""
        buildpack = nil
    }

    private static func definition(of type: ByteString, _ image: LaunchImage) throws(LaunchError) -> ProcessDefinition {
        let given = image.variables["CNB_EXEC_ENV"] ?? ""
        let execEnvironment: ByteString = given.isEmpty ? "production" : given
        let definition = image.metadata.processes.first { process in
            process.type == type && (image.platformAPI < APIVersion(0, 15) || process.isFor(execEnvironment))
        }
        guard let definition else {
            throw LaunchError(.launch, "process " + type + " is not for the execution environment " + execEnvironment)
        }
        return definition
    }
}
