import BuildpackAPI
import Diagnostics
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// The project.toml of a project: what counts where the command line says nothing.
struct ProjectFile {
    /// What the file says; `nil` where there is none.
    let descriptor: ProjectDescriptor?

    /// Reads the file of a project's folder, or the one of `--descriptor`.
    /// - Throws: `Failure` of code `usage` that names the line.
    init(of project: FilePath, at other: FilePath? = nil) throws {
        descriptor = try ProjectDescriptor(in: project, at: other)
    }

    /// Fills what a request leaves open, the user's own builder too; a context's own project.toml says what stays out of it.
    /// - Throws: `Failure` where the file names a builder that cannot be used, a buildpack outside the project, or a name has a
    ///   field that is not known.
    func fill(_ request: inout BuildRequest, machine: Machine) throws {
        if let context = request.selection.context {
            request.selection.context?.exclusions = try ProjectDescriptor(in: context.folder)?.exclusions ?? []
        }
        defer { request.tagTemplates = [] }
        if request.builder == nil, !request.refusesBuilder { request.builder = try builder(nil, machine) }
        guard let descriptor else { return try fillTags(&request, machine) }
        try checkBuildpacks(of: request.project, opened: request.selection.openedPaths, request)
        descriptor.fill(&request)
        try fillTags(&request, machine)
    }

    /// The builder of the command line, else the one that the project names, else that of the user's config.toml.
    /// - Throws: `Failure` of code `usage` for one that cannot be used.
    func builder(_ given: String?, _ machine: Machine) throws -> ImagePlace? {
        if let given { return try BuilderName(given).place(machine) }
        guard let named = descriptor?.builder else {
            return try ConfigurationFile(machine: machine).builder().flatMap { name in
                try BuilderName(name).place(machine, namedBy: "config.toml: builder")
            }
        }
        let place = try BuilderName(named).place(machine, namedBy: "project.toml: builder")
        switch place {
        case .registry, .engine, .store, nil: return place
        case .layout, .layoutArchive, .dockerArchive:
            // Only the user opens files of the machine.
            throw Failure(
                .usage, "project.toml: builder \(named) is a file of this machine",
                advice: "name an image there, or give --builder \(named)")
        }
    }

    /// Fills in the fields of names.
    private func fillTags(_ request: inout BuildRequest, _ machine: Machine) throws {
        let values = NameValues(of: request.project, release: request.release, machine: machine)
        request.tags += try values.references(request.tagTemplates, of: request.image)
    }

    /// The user's programs that it asks for.
    func tools(of project: FilePath, wiring: Wiring) -> AskedTools {
        AskedTools(descriptor?.tools ?? [], of: project, wiring: wiring)
    }

    /// Looks for buildpacks outside the project, which only the user can choose: what is there is shown to the build.
    /// - Throws: `Failure` of code `outsideLinks`.
    private func checkBuildpacks(of project: FilePath, opened: [FilePath], _ request: BuildRequest? = nil)
        throws(Failure)
    {
        let inside = [project.realPath ?? project] + opened
        let outside = (descriptor?.buildpackPlaces(besides: request) ?? []).map { $0.realPath ?? $0 }
            .filter { path in !inside.contains { path.starts(with: $0) } }
        guard let first = outside.first else { return }
        throw Failure(
            .outsideLinks, "project.toml asks for the buildpack \(first), which is outside the project",
            at: Place("project.toml"),
            advice: "if the build may run what is there: --follow-links '\(first)', or name it yourself: -b '\(first)'",
            choices: Set(outside.map(\.string)).sorted())
    }

    /// Looks for links that lead out of the project, among what takes part in a build.
    /// - Throws: `Failure` of code `outsideLinks`, `CancellationError`.
    func checkLinks(of project: FilePath, opened: [FilePath], context: SourceContext?) throws {
        try checkBuildpacks(of: project, opened: opened)
        _ = try SourceWalk.entries(of: project, try selection(opened: opened, context: context))
    }

    /// What takes part in a build, as the file and that of the context have it.
    func selection(opened: [FilePath], context: SourceContext?) throws -> SourceSelection {
        var selection = SourceSelection(
            exclusions: descriptor?.exclusions ?? [], inclusions: descriptor?.inclusions ?? [], openedPaths: opened,
            context: context)
        if let context {
            selection.context?.exclusions = try ProjectDescriptor(in: context.folder)?.exclusions ?? []
        }
        return selection
    }

    /// What the file says, by key, in brief; values of variables are left out.
    /// - Parameter tools: the programs that it asks for, as they were found.
    func facts(_ tools: AskedTools?) -> ProjectFileFacts? {
        descriptor.map { descriptor in
            ProjectFileFacts(
                builder: descriptor.builder, include: descriptor.inclusions.map(\.text),
                exclude: descriptor.exclusions.map(\.text), variables: descriptor.variables.map(\.name),
                tools: tools?.lines ?? descriptor.tools.map(\.name), runPrograms: descriptor.runPrograms,
                healthCheck: descriptor.healthCheck?.text, labels: descriptor.labels.map(\.text),
                annotations: descriptor.annotations.map(\.text))
        }
    }

    /// The release that it asks for.
    var release: String? { value(of: .release) }
    /// The distribution profile that it asks for.
    var distribution: String? { value(of: .distribution) }

    private func value(of variable: BuildVariable) -> String? {
        descriptor?.variables.last { $0.name == variable.rawValue }?.value
    }
}

/// What a project.toml says, for people and programs.
struct ProjectFileFacts: Codable {
    /// The builder that it names.
    var builder: String?
    /// The patterns of what takes part; none is everything.
    var include: [String]
    /// The patterns of what is left out.
    var exclude: [String]
    /// The names of the variables that it gives.
    var variables: [String]
    /// The programs that it asks for, with their places.
    var tools: [String]
    /// The programs of this machine that it puts into the image; once they are found, with what each brings.
    var runPrograms: [String] = []
    /// How an engine finds out whether the container works.
    var healthCheck: String?
    /// The image's labels, as `NAME=VALUE`.
    var labels: [String] = []
    /// The annotations of its manifest, as `NAME=VALUE`.
    var annotations: [String] = []

    /// One line a key that it has.
    var lines: [String] {
        let lists = [("takes only", include), ("leaves out", exclude), ("gives", variables)]
        return (builder.map { ["uses the builder \($0)"] } ?? [])
            + lists.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }
            + tools.map { "asks for \($0)" } + runPrograms.map { "puts into the image \($0)" }
            + (healthCheck.map { ["lets the engine check \($0)"] } ?? [])
            + (labels + annotations).map { "labels the image \($0)" }
    }
}
