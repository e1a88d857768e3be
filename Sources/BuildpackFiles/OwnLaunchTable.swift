import BuildpackAPI
import TOMLCoding

/// The table `mixpack` of launch.toml: what a buildpack says to mixpack's own lifecycle beyond the specification.
///
/// Other lifecycles leave it out of account.
package enum OwnLaunchTable {
    package static let key = "mixpack"

    /// The table for a result; `nil` where the result says nothing of it.
    package static func table(of result: BuildResult) -> TOMLTable? {
        var table = TOMLTable(entries: [])
        if !result.imageEnvironment.isEmpty {
            var variables = TOMLTable(entries: [])
            for (name, value) in result.imageEnvironment.sorted(by: { $0.key < $1.key }) {
                variables.set(name, .string(value))
            }
            table.set("environment", .table(variables))
        }
        if !result.imageLinks.isEmpty {
            var links = TOMLTable(entries: [])
            for (path, target) in result.imageLinks.sorted(by: { $0.key < $1.key }) { links.set(path, .string(target)) }
            table.set("links", .table(links))
        }
        if !result.exposedPorts.isEmpty { table.set("ports", .list(result.exposedPorts.map { .integer(Int64($0)) })) }
        if !result.requiredVariables.isEmpty { table.set("required-variables", .strings(result.requiredVariables)) }
        if result.omitsSource { table.set("omits-source", .boolean(true)) }
        if !result.compiledSecrets.isEmpty {
            table.set("compiled-secrets", .tables(result.compiledSecrets.map(secret)))
        }
        return table.isEmpty ? nil : table
    }

    private static func secret(_ secret: CompiledSecret) -> TOMLTable {
        ["name": .string(secret.name), "file": .string(secret.file), "line": .integer(Int64(secret.line))]
    }

    /// Fills a result with what launch.toml says.
    /// - Throws: `Failure` for a value of another kind.
    package static func fill(_ result: inout BuildResult, from launch: TOMLTable?) throws {
        guard let table = try launch?.table(key) else { return }
        for entry in try table.table("environment")?.entries ?? [] {
            guard case .string(let value) = entry.node.value else {
                throw table.error(at: "environment", "\(entry.key) is not a text")
            }
            result.imageEnvironment[entry.key] = value
        }
        result.imageLinks = try links(table)
        result.exposedPorts = try ports(table)
        result.requiredVariables = try table.strings("required-variables") ?? []
        result.omitsSource = try table.boolean("omits-source") ?? false
        result.compiledSecrets = try table.tables("compiled-secrets").map { secret in
            CompiledSecret(
                name: try secret.string("name") ?? "", file: try secret.string("file") ?? "",
                line: Int(clamping: try secret.integer("line") ?? 0))
        }
    }

    /// A link of its own folder's name leaves everything alone that an image has anyway.
    private static func links(_ table: TOMLTable) throws -> [String: String] {
        var links: [String: String] = [:]
        for entry in try table.table("links")?.entries ?? [] {
            guard case .string(let target) = entry.node.value, target.hasPrefix("/layers/") else {
                throw table.error(at: "links", "\(entry.key) does not lead into /layers")
            }
            let name = entry.key.dropFirst()
            let isOwn = !["", ".", "..", "cnb", "layers", "workspace"].contains(name)
            guard entry.key.hasPrefix("/"), isOwn, !name.contains("/"), !name.contains("\0") else {
                throw table.error(at: "links", "\(entry.key) is not a path for a link, such as /app")
            }
            links[entry.key] = target
        }
        return links
    }

    private static func ports(_ table: TOMLTable) throws -> [Int] {
        guard let node = table["ports"] else { return [] }
        guard case .array(let items) = node.value else { throw table.error(at: "ports", "expected numbers") }
        return try items.map { item in
            guard case .integer(let port) = item.value, (1...65_535).contains(port) else {
                throw table.error(at: "ports", "expected numbers from 1 to 65535")
            }
            return Int(port)
        }
    }
}
