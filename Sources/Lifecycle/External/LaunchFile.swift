import BuildpackAPI
import TOMLCoding

/// launch.toml: how the image is started
/// ([Buildpack specification, launch.toml](https://github.com/buildpacks/spec/blob/main/buildpack.md#launchtoml-toml)).
struct LaunchFile {
    var labels: [String: String] = [:]
    var processes: [ProcessType] = []
    var slices: [[String]] = []
    /// What is odd, but taken.
    var warnings: [String] = []

    private let api: APIVersion

    /// Reads the file as the buildpack's API has it; none is an empty one.
    init(_ root: TOMLTable?, api: APIVersion) throws {
        self.api = api
        guard let root else { return }
        for label in try root.tables("labels") {
            guard let key = try label.string("key"), !key.isEmpty else { throw label.error(at: "key", "has no key") }
            labels[key] = try label.string("value") ?? ""
        }
        slices = try root.tables("slices").map { try $0.strings("paths") ?? [] }
        for table in try root.tables("processes") { processes.append(try process(table)) }
        guard processes.count(where: \.isDefault) <= 1 else {
            throw root.error(at: "processes", "multiple default process types aren't allowed")
        }
    }

    private mutating func process(_ table: TOMLTable) throws -> ProcessType {
        let type = try table.string("type") ?? ""
        guard !type.isEmpty, !type.contains(where: { #"/><:|&\"#.contains($0) }), type != ".", type != ".." else {
            throw table.error(at: "type", "a process type cannot be called \"\(type)\"")
        }
        return ProcessType(
            type, command: try command(table), arguments: try table.strings("args") ?? [],
            isDirect: try isDirect(table), isDefault: try isDefault(table, type),
            workingDirectory: try workingDirectory(table, type),
            executionEnvironments: api >= APIVersion(0, 12) ? try table.strings("exec-env") : nil)
    }

    private func command(_ table: TOMLTable) throws -> [String] {
        guard api >= APIVersion(0, 9) else { return [try table.string("command") ?? ""] }
        return try table.strings("command") ?? []
    }

    private func isDirect(_ table: TOMLTable) throws -> Bool {
        guard api >= APIVersion(0, 9) else { return try table.boolean("direct") ?? false }
        guard table["direct"] == nil else {
            throw table.error(at: "direct", "Buildpack API 0.9 and later do not allow direct: every process is direct")
        }
        return true
    }

    private mutating func isDefault(_ table: TOMLTable, _ type: String) throws -> Bool {
        let said = try table.boolean("default") ?? false
        guard api < APIVersion(0, 6) else { return said }
        if said { warnings.append("launch.toml: Buildpack API \(api) has no `default` (of \(type)); ignored") }
        return type == "web"
    }

    private mutating func workingDirectory(_ table: TOMLTable, _ type: String) throws -> String? {
        guard let folder = try table.string("working-dir"), !folder.isEmpty else { return nil }
        guard api < APIVersion(0, 8) else { return folder }
        warnings.append("launch.toml: Buildpack API \(api) has no `working-dir` (of \(type)); ignored")
        return nil
    }
}
