import ArgumentParser
import Console
import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import OCIImage
import SystemPackage

/// `mixpack compose`: a compose file for the project's image.
struct ComposeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose",
        abstract: "Writes a compose file for the image and a database.",
        discussion: """
            The file goes to standard output. It has a database if the project reads DATABASE_URL, and a service `migrate` \
            for `docker compose run --rm migrate` if the release can migrate. No secret is in it: Compose takes them from \
            the environment or from .env. What you chose in the console counts: ports, volumes and variables of the \
            Run screen. Build first: the image knows its ports and processes.
            """)

    @OptionGroup
    var folder: ProjectFolder

    @Option(
        help: ArgumentHelp("The image's name; the one of the last build by default.", valueName: "name"),
        completion: Candidates.images)
    var image: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?

    @Flag(help: "Replace an existing file.")
    var force = false

    mutating func run() async throws {
        let machine = Machine()
        let project = try folder.existing(machine)
        let place = output.map { machine.absolute($0) }
        if let output, let place, place.exists, !force {
            throw Failure(.usage, "\(output) already exists", advice: "replace it with --force")
        }
        let text = try await ComposeSource(wiring: Wiring(machine: machine), project: project, image: image).file().text
        guard let output, let place else { return print(text, terminator: "") }
        do {
            try place.replace(with: Data(text.utf8), mode: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw Failure(error, or: .usage).failing("cannot write \(output)", as: .usage)
        }
        print("wrote \(output): check it, then run docker compose up")
    }
}

/// Finds out what a compose file says of a project.
struct ComposeSource {
    let wiring: Wiring
    let project: FilePath
    /// The image's name, if one is given.
    let image: String?

    func file() async throws -> ComposeFile {
        let choices = ChoicesStore(wiring.machine).choices(for: project)
        let detection = await Detection.make(project, release: choices?.release, wiring: wiring)
        guard let mix = detection.project else {
            throw detection.error ?? Failure(.notMixProject, "no mix project in \(project)")
        }
        let name = image ?? PastBuilds(machine: wiring.machine).lastImage(of: project) ?? choices?.image
        let app = mix.app ?? ProposedImageName.text(app: nil, folder: project)
        var file = ComposeFile(
            image: name ?? ProposedImageName.text(app: mix.app, folder: project), app: app,
            variables: mix.variables, values: choices?.runVariables ?? [:], options: choices?.run ?? RunOptions())
        file.healthCheck = try ProjectDescriptor(in: project)?.healthCheck.map {
            ["/cnb/lifecycle/launcher", HealthCheck.argument, String($0.port), $0.path]
        }
        file.migrates = project.appending("rel/overlays/bin/migrate").exists
        // As mix-release sets them.
        if mix.usesPhoenix || file.reads("PORT") { file.imageVariables.insert("PORT") }
        if file.reads("PHX_SERVER") { file.imageVariables.insert("PHX_SERVER") }
        file.ports = file.imageVariables.contains("PORT") ? [4000] : []
        try await read(&file)
        return file
    }

    /// Takes from the image what only it knows, if there is one.
    private func read(_ file: inout ComposeFile) async throws {
        guard let image = try? await wiring.image(at: file.image).image else {
            file.isImageKnown = false
            return
        }
        let contents = ImageContentsReader(name: file.image, image: image, places: []).contents
        file.ports = contents.ports
        file.migrates = contents.processes.contains { $0.type == "migrate" }
        file.imageVariables = Set(image.configuration.config.environment.map { String($0.prefix { $0 != "=" }) })
        file.healthCheck =
            contents.configuration.first { $0.name == "health" }.map {
                $0.value.split(separator: " ").map(String.init)
            } ?? file.healthCheck
    }
}
