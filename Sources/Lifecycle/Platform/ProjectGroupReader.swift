import BuildpackAPI
import Files
import OCIImage
import SystemPackage
import TOMLCoding

/// Reads the buildpacks that project.toml names.
struct ProjectGroupReader {
    let project: FilePath

    /// The choices of `[[group]]` tables.
    func choices(_ tables: [TOMLTable]) throws -> [BuildpackChoice] { try tables.map(choice) }

    private func choice(_ table: TOMLTable) throws -> BuildpackChoice {
        let ways = ["version", "uri", "script"].filter { table[$0] != nil }
        guard ways.count == 1 else {
            throw table.error(at: ways.last ?? "id", "a buildpack has exactly one of version, uri and script")
        }
        let id = try table.string("id")
        if let script = try table.table("script") { return .script(try self.script(script, id)) }
        if let uri = try table.string("uri") { return try named(uri, table) }
        guard let id, !id.isEmpty else { throw table.error(at: "id", "a buildpack has no id") }
        return .named(BuildpackReference(id: id, version: try table.string("version")))
    }

    private func script(_ table: TOMLTable, _ id: String?) throws -> InlineScript {
        guard let api = try table.string("api") else { throw table.error(at: "api", "a script has no api") }
        guard let inline = try table.string("inline") else { throw table.error(at: "inline", "a script has no inline") }
        return InlineScript(
            id: id ?? "project.script", api: api, inline: inline, shell: try table.string("shell") ?? "/bin/sh")
    }

    private func named(_ uri: String, _ table: TOMLTable) throws -> BuildpackChoice {
        let builder = ["from=builder:", "urn:cnb:builder:"].first(where: uri.hasPrefix)
        if uri == "from=builder" { return .builder }
        if let builder { return BuildpackChoice("from=builder:" + uri.dropFirst(builder.count)) }
        if let place = try? ImagePlace(uri) { return .image(absolute(place)) }
        let path = uri.hasPrefix("file://") ? String(uri.dropFirst("file://".count)) : uri
        guard !path.contains("://"), !path.hasPrefix("urn:") else {
            throw table.error(at: "uri", "\(uri): only folders, FILE.cnb, image places and from=builder can be used")
        }
        let file = absolute(FilePath(path))
        return path.hasSuffix(".cnb") && !file.isFolder ? .image(.layoutArchive(file)) : .folder(file)
    }

    private func absolute(_ path: FilePath) -> FilePath {
        path.isAbsolute ? path : project.pushing(path).lexicallyNormalized()
    }

    private func absolute(_ place: ImagePlace) -> ImagePlace {
        switch place {
        case .layout(let path, let tag): .layout(absolute(path), tag: tag)
        case .layoutArchive(let path): .layoutArchive(absolute(path))
        case .dockerArchive(let path): .dockerArchive(absolute(path))
        case .engine, .registry, .store: place
        }
    }
}
