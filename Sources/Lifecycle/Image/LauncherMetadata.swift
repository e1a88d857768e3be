import BuildpackAPI
import TOMLCoding

/// `/layers/config/metadata.toml`: what the launcher reads
/// ([CNB Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#metadatatoml-toml)).
struct LauncherMetadata {
    let group: [BuildpackDescriptor]
    let processes: [(process: ProcessType, buildpack: String)]
    let defaultProcess: String?
    var labels: [(key: String, value: String)] = []
    var slices: [[String]] = []
    var platformAPI = PlatformAPI.newest

    /// The file's text; the same values always give the same text.
    var text: String {
        var file = TOMLTable()
        file.set("buildpack-default-process-type", defaultProcess.map { .string($0) })
        if !group.isEmpty { file.set("buildpacks", .tables(group.map(table))) }
        if !processes.isEmpty { file.set("processes", .tables(processes.map(table))) }
        if !labels.isEmpty { file.set("labels", .tables(labels.map(table))) }
        if !slices.isEmpty { file.set("slices", .tables(slices.map { ["paths": .strings($0)] })) }
        return TOMLWriter.text(of: file)
    }

    private func table(of buildpack: BuildpackDescriptor) -> TOMLTable {
        var table: TOMLTable = [
            "id": .string(buildpack.id), "version": .string(buildpack.version), "api": .string(buildpack.api),
        ]
        table.set("homepage", buildpack.homepage.map { .string($0) })
        return table
    }

    private func table(of entry: (process: ProcessType, buildpack: String)) -> TOMLTable {
        let (command, arguments) = (entry.process.command, entry.process.arguments)
        // Before Platform API 0.10 a command is one word.
        let isText = platformAPI < .minor(10)
        var table: TOMLTable = [
            "type": .string(entry.process.type),
            "command": isText ? .string(command.first ?? "") : .strings(command),
            "args": .strings(isText ? command.dropFirst() + arguments : arguments),
            "direct": .boolean(entry.process.isDirect),
            "buildpack-id": .string(entry.buildpack),
        ]
        table.set("working-dir", entry.process.workingDirectory.map { .string($0) })
        table.set("exec-env", entry.process.executionEnvironments.map { .strings($0) })
        return table
    }

    private func table(of label: (key: String, value: String)) -> TOMLTable {
        ["key": .string(label.key), "value": .string(label.value)]
    }
}
