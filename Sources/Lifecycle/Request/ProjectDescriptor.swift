import BuildpackAPI
import Diagnostics
import Files
import OCIImage
import OptionWords
import SystemPackage
import TOMLCoding

/// project.toml: what a project says about its own build (CNB project descriptor, schema 0.2 or 0.1).
package struct ProjectDescriptor: Sendable, Hashable {
    package let builder: String?
    /// Which files take part: `include` or `exclude`.
    package let exclusions: [IgnorePattern]
    /// Which files take part, where the project lists them.
    package let inclusions: [IgnorePattern]
    /// The buildpacks, in order; none is the built-in order.
    package let buildpacks: [BuildpackChoice]
    /// Buildpacks put in front of every group.
    package let firstBuildpacks: [BuildpackChoice]
    /// Buildpacks put behind every group.
    package let lastBuildpacks: [BuildpackChoice]
    /// Variables of the build, in the order of the file.
    package let variables: [PlatformVariable]
    /// Programs of the user's that the project asks for: `tools` in `[mixpack]`.
    package let tools: [ToolRequest]
    /// Programs of the machine that the image is to have: `run-programs` in `[mixpack]`.
    package let runPrograms: [String]
    /// More names for the image, which may have fields: `tags` in `[mixpack]`.
    package let tags: [NameTemplate]
    /// How an engine finds out whether the container works: `health-check` in `[mixpack]`.
    package let healthCheck: HealthCheck?
    /// Labels of the image: `labels` in `[mixpack]`.
    package let labels: [ImageNote]
    /// Annotations of its manifest: `annotations` in `[mixpack]`.
    package let annotations: [ImageNote]
    /// The value of the label `io.buildpacks.project.metadata`.
    package let sourceMetadata: String?

    /// A program that a project asks for; only the user says whether the build may run it.
    package struct ToolRequest: Sendable, Hashable {
        /// A name that the shell finds, never a path.
        package let name: String
        /// The line that asks for it.
        package let line: Int
    }

    /// Reads the file of a project's folder, or another one in its place; `nil` if the folder has none.
    /// - Throws: `Failure` of code `usage` that names the line, or the other file if it is not there.
    package init?(in project: FilePath, at other: FilePath? = nil) throws {
        let file = other ?? project.appending("project.toml")
        do {
            guard let root = try ContractFile.table(of: file) else {
                guard let other else { return nil }
                throw Failure(.notFound, "no file \(other)")
            }
            // The inspection of the project reads that table itself.
            if let other, other.realPath != project.appending("project.toml").realPath,
                let own = try root.table("mixpack"), own["assets"] != nil
            {
                throw own.error(at: "assets", "the steps for assets are read from the project's own project.toml only")
            }
            try self.init(root, in: file.removingLastComponent())
        } catch let error as Failure {
            throw Failure(.usage, error.description, advice: Self.advice)
        }
    }

    private static let advice =
        "project.toml follows schema 0.2 or 0.1 of buildpacks.io; remove it to build without it"

    private init(_ root: TOMLTable, in project: FilePath) throws {
        let (own, io, isFirst) = try Self.parts(of: root)
        builder = try io.string("builder")
        guard io["include"] == nil || io["exclude"] == nil else {
            throw io.error(at: "include", "include and exclude cannot be used together")
        }
        exclusions = (try io.strings("exclude") ?? []).compactMap(IgnorePattern.init)
        inclusions = (try io.strings("include") ?? []).compactMap(IgnorePattern.init)
        let reader = ProjectGroupReader(project: project)
        buildpacks = try reader.choices(io.tables(isFirst ? "buildpacks" : "group"))
        firstBuildpacks = try reader.choices(io.table("pre")?.tables("group") ?? [])
        lastBuildpacks = try reader.choices(io.table("post")?.tables("group") ?? [])
        variables = try ((isFirst ? io : io.table("build"))?.tables("env") ?? []).map(Self.variable)
        let mixpack = try root.table("mixpack")
        tools = try mixpack.map(Self.tools) ?? []
        runPrograms = try mixpack.map(Self.runPrograms) ?? []
        healthCheck = try mixpack.flatMap(Self.healthCheck)
        labels = try mixpack.map { try Self.notes("labels", $0) } ?? []
        annotations = try mixpack.map { try Self.notes("annotations", $0) } ?? []
        tags = try mixpack.map(Self.tags) ?? []
        sourceMetadata = try Self.source(own)
    }

    /// The tables of the project and of its build: those of schema 0.2, or of 0.1, which has no `[_]`.
    private static func parts(of root: TOMLTable) throws -> (own: TOMLTable, build: TOMLTable, isFirst: Bool) {
        let empty = TOMLTable(entries: [], fileName: root.fileName)
        let head = try root.table("_")
        let schema = try head?.string("schema-version")
        switch schema {
        case "0.2": return (head ?? empty, try root.table("io")?.table("buildpacks") ?? empty, false)
        case nil where head == nil && (root["project"] != nil || root["build"] != nil), "0.1":
            return (try root.table("project") ?? empty, try root.table("build") ?? empty, true)
        case nil: throw root.error(at: "_", "[_] has no schema-version; mixpack reads \"0.2\"")
        case let other?:
            throw (head ?? root).error(at: "schema-version", "schema-version \(other) is not supported")
        }
    }

    /// A path would choose what of the user's machine the build sees, and the file comes with the project.
    private static func tools(_ table: TOMLTable) throws -> [ToolRequest] {
        try table.rejectUnknownKeys(besides: Setting.projectKeys(in: "mixpack"), in: "[mixpack]")
        // What is in it, the inspection of the project reads: buildpacks on other platforms go by it too.
        _ = try table.table("assets")
        guard let names = try table.strings("tools"), case .array(let items)? = table["tools"]?.value else { return [] }
        return try zip(names, items).map { name, item in
            let last = name.split(separator: "/").last.map(String.init) ?? ""
            guard !name.isEmpty, name == last, !name.hasPrefix("."), !name.hasPrefix("~"), !name.contains("\0") else {
                let example = ["", ".", "..", "~"].contains(last) ? "protoc" : last
                throw TOMLError(
                    fileName: table.fileName, position: item.position,
                    message: "tools: \"\(name)\" is not a name, and a project may ask for programs by name only; "
                        + "write \"\(example)\" here, and give the path yourself: --tool PATH/\(example), "
                        + "or tools in config.toml")
            }
            return ToolRequest(name: name, line: item.position.line)
        }
    }

    private static func runPrograms(_ table: TOMLTable) throws -> [String] {
        let names = try table.strings("run-programs") ?? []
        for problem in names.compactMap(RunProgramName.problem) {
            throw table.error(at: "run-programs", "run-programs: \(problem)")
        }
        return names
    }

    /// Labels or annotations: a table of texts.
    private static func notes(_ key: String, _ table: TOMLTable) throws -> [ImageNote] {
        guard let notes = try table.table(key) else { return [] }
        return try notes.entries.map(\.key).sorted().map { name in
            guard let value = try notes.string(name) else { throw notes.error(at: name, "\(key): no value") }
            do throws(Failure) {
                return try ImageNote(name: name, value: value)
            } catch {
                throw notes.error(at: name, "\(key): \(error.message)")
            }
        }
    }

    private static func tags(_ table: TOMLTable) throws -> [NameTemplate] {
        try (table.strings("tags") ?? []).map { text in
            do throws(Failure) {
                return try NameTemplate(text)
            } catch {
                throw table.error(at: "tags", "tags: \(error.message); \(error.advice ?? "")")
            }
        }
    }

    private static func healthCheck(_ table: TOMLTable) throws -> HealthCheck? {
        guard let text = try table.string("health-check") else { return nil }
        do throws(Failure) {
            return try HealthCheck(text)
        } catch {
            let advice = error.advice.map { "; \($0)" } ?? ""
            throw table.error(at: "health-check", "health-check: \(error.message)\(advice)")
        }
    }

    private static func variable(_ table: TOMLTable) throws -> PlatformVariable {
        guard let name = try table.string("name"), !name.isEmpty, !name.contains("=") else {
            throw table.error(at: "name", "a variable has no name")
        }
        // The file comes with the project: it must not choose where mixpack itself fetches programs from.
        guard !steersMixpack(name) else {
            throw table.error(
                at: "name",
                "only you can set \(name), not a project: give it with -e, or see builds-url and hex-url in config.toml"
            )
        }
        return PlatformVariable(name: name, value: try table.string("value") ?? "")
    }

    /// Whether mixpack, and not only the project's build, goes by a variable.
    private static func steersMixpack(_ name: String) -> Bool {
        name.hasPrefix("MIXPACK_")
            || ["HEX_BUILDS_URL", "HEX_MIRROR", "HEX_MIRROR_URL", "HEX_TRUSTED_MIRROR", "HEX_TRUSTED_MIRROR_URL"]
                .contains(name)
    }

    private static func source(_ table: TOMLTable) throws -> String? {
        let (version, url) = (try table.string("version"), try table.string("source-url"))
        guard version != nil || url != nil else { return nil }
        var source: [String: JSONValue] = ["type": .string("project")]
        if let version { source["version"] = .object(["declared": .string(version)]) }
        if let url { source["metadata"] = .object(["url": .string(url)]) }
        return try CanonicalJSON.text(JSONValue.object(["source": .object(source)]))
    }

    /// The folders and archives of this machine that it names as buildpacks, where a request leaves that open.
    package func buildpackPlaces(besides request: BuildRequest?) -> [FilePath] {
        let middle = request?.buildpacks.isEmpty ?? true ? buildpacks : []
        let first = request?.firstBuildpacks.isEmpty ?? true ? firstBuildpacks : []
        let last = request?.lastBuildpacks.isEmpty ?? true ? lastBuildpacks : []
        return (first + middle + last).compactMap(\.machinePath)
    }

    /// Fills what a request leaves open; what the request says itself counts.
    package func fill(_ request: inout BuildRequest) {
        if request.buildpacks.isEmpty { request.buildpacks = buildpacks }
        if request.firstBuildpacks.isEmpty { request.firstBuildpacks = firstBuildpacks }
        if request.lastBuildpacks.isEmpty { request.lastBuildpacks = lastBuildpacks }
        request.selection.exclusions += exclusions
        request.selection.inclusions += inclusions
        let (given, own) = (Set(request.platformVariables.map(\.name)), request.variables)
        request.variables = []
        request.give(variables.filter { !given.contains($0.name) })
        request.variables += own
        if request.runPrograms.isEmpty { request.runPrograms = runPrograms }
        request.healthCheck = request.healthCheck ?? healthCheck
        // What is given on the command line comes last, and wins.
        request.labels = labels + request.labels
        request.annotations = annotations + request.annotations
        if request.tags.isEmpty && request.tagTemplates.isEmpty { request.tagTemplates = tags }
        request.sourceMetadata = request.sourceMetadata ?? sourceMetadata
    }
}

/// Reads the buildpacks that project.toml names.
struct ProjectGroupReader {
    let project: FilePath

    func choices(_ tables: [TOMLTable]) throws -> [BuildpackChoice] { try tables.map(choice) }

    private func choice(_ table: TOMLTable) throws -> BuildpackChoice {
        let ways = ["version", "uri", "script"].filter { table[$0] != nil }
        guard ways.count <= 1 else {
            throw table.error(at: ways.last ?? "id", "a buildpack has one of version, uri and script, not several")
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
        if uri == "from=mixpack" { return .own }
        if let builder { return BuildpackChoice("from=builder:" + uri.dropFirst(builder.count)) }
        if let place = try? ImagePlace(uri) { return .image(absolute(place)) }
        let path = uri.hasPrefix("file://") ? String(uri.dropFirst("file://".count)) : uri
        if uri.hasPrefix("https://") { return .archive(uri) }
        if let problem = BuildpackChoice.problem(ofURI: path) { throw table.error(at: "uri", "\(uri): \(problem)") }
        let file = absolute(FilePath(path))
        guard !file.isFolder else { return .folder(file) }
        if path.hasSuffix(".cnb") { return .image(.layoutArchive(file)) }
        return BuildpackChoice.isArchive(path) ? .archive(file.string) : .folder(file)
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
