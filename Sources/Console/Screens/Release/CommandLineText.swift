import Lifecycle
import OCIImage

/// The command line that asks for the same build: to copy into a script or a README.
enum CommandLineText {
    /// The words of the command; secrets by name only, so that the caller's environment gives them, or their command.
    private static func words(
        for request: BuildRequest, _ secretCommands: [String: String], engine: String?
    ) -> [String] {
        var words = ["mixpack", "build", Self.shortened(request.image), "--path", request.project.string]
        if let release = request.release { words += ["--release", release] }
        if let debug = request.debug { words += ["-e", "\(BuildVariable.debug.rawValue)=\(debug)"] }
        if let distribution = request.distribution { words += ["--distribution", distribution] }
        for variable in request.variables {
            if let command = secretCommands[variable.name], variable.isSecret {
                words += ["--secret-from-command", "\(variable.name)=\(command)"]
            } else if variable.isSecret {
                words += [PlatformVariable.isSecretName(variable.name) ? "-e" : "--secret", variable.name]
            } else {
                words += ["-e", "\(variable.name)=\(variable.value)"]
            }
        }
        for secret in request.fetchSecrets { words += ["--fetch-secret", secret.name] }
        let buildpacks = [
            ("--pre-buildpack", request.firstBuildpacks), ("--buildpack", request.buildpacks),
            ("--post-buildpack", request.lastBuildpacks),
        ]
        for (flag, choices) in buildpacks {
            for buildpack in choices { words += text(of: buildpack).map { [flag, $0] } ?? [] }
        }
        if request.forbidsNetwork { words += ["--network", "none"] }
        if let process = request.defaultProcess { words += ["--default-process", process] }
        if request.executionEnvironment != "production" { words += ["--exec-env", request.executionEnvironment] }
        for volume in request.volumes {
            words += ["--volume", "\(volume.source):\(volume.destination)" + (volume.isWritable ? "" : ":ro")]
        }
        if let builder = request.builder { words += ["--builder", "\(builder)"] }
        if request.refusesBuilder { words += ["--builder", ReleaseState.host] }
        if let runImage = request.runImage { words += ["--run-image", "\(runImage)"] }
        if !request.platforms.isEmpty {
            words += ["--platform", request.platforms.map(\.description).joined(separator: ",")]
            if let image = request.toolchainImage { words += ["--toolchain-from", "\(image)"] }
        }
        if let previous = request.previousImage { words += ["--previous-image", "\(previous)"] }
        if let cache = request.cacheImage { words += ["--cache-image", "\(cache)"] }
        for program in request.runPrograms { words += ["--run-program", program] }
        if let check = request.healthCheck { words += ["--health-check", check.text] }
        for name in request.publishedRunImages { words += ["--publish-run-image", "\(name)"] }
        for label in request.labels { words += ["--label", label.text] }
        for annotation in request.annotations { words += ["--annotation", annotation.text] }
        switch request.creationTime {
        case .fixed: break
        case .seconds(let seconds): words += ["--creation-time", "\(seconds)"]
        case .now: words += ["--creation-time", "now"]
        }
        for tag in request.tags { words += ["--tag", shortened(tag)] }
        for tag in request.tagTemplates { words += ["--tag", tag.text] }
        for output in request.outputs { words += ["--output", "\(output)"] }
        // Without --output the engine gets the image anyway.
        if request.usesEngine, engine != nil, !request.outputs.isEmpty {
            words += ["--output", "docker-daemon:\(request.image)"]
        }
        switch request.startTrial {
        case .no: break
        case .ifPossible, .emulated: words.append("--try-start=\(request.startTrial.rawValue)")
        case .required: words.append("--try-start")
        }
        if request.attests { words.append("--attest") }
        if request.clearsCache { words.append("--clear-cache") }
        if request.forbidsSecrets { words.append("--forbid-secrets") }
        for id in request.secretBuildpacks { words += ["--secrets-for", id] }
        for name in request.allowedSecrets.sorted() { words += ["--allow-secret", name] }
        for path in request.selection.openedPaths { words += ["--follow-links", path.string] }
        if let context = request.selection.context { words += ["--context", context.folder.string] }
        return words
    }

    /// A command, and what it needs besides to work.
    struct Shown: Sendable {
        var text: String
        /// A line for each thing that the command lacks, or that the caller has to have set.
        var needs: [String] = []
    }

    /// The command as a shell takes it.
    /// - Parameter engine: the container engine that answers here.
    static func text(
        for request: BuildRequest, secretCommands: [String: String] = [:], engine: String? = nil
    ) -> String {
        words(for: request, secretCommands, engine: engine).map(quoted).joined(separator: " ")
    }

    /// A word as a POSIX shell reads it back.
    static func quoted(_ word: String) -> String {
        let isSafe =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "@%+=:,./-_".utf8.contains(byte)
            }
        return isSafe
            ? word
            : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// What `--buildpack` takes; `nil` for a script of project.toml, which is found there again.
    private static func text(of choice: BuildpackChoice) -> String? {
        switch choice {
        case .folder(let path): path.string
        case .archive(let name): name
        case .builder: "from=builder"
        case .own: "from=mixpack"
        case .named(let reference): reference.id + (reference.version.map { "@" + $0 } ?? "")
        case .image(let place): place.description
        case .script: nil
        }
    }

    private static func shortened(_ reference: Reference) -> String {
        let text = "\(reference)"
        return text.hasSuffix(":latest") ? String(text.dropLast(":latest".count)) : text
    }
}

extension CommandLineText.Shown {
    /// The command for a request, with what it lacks.
    init(
        _ request: BuildRequest, secretCommands: [String: String], engine: String?, missing: [MissingPart]
    ) {
        text = CommandLineText.text(for: request, secretCommands: secretCommands, engine: engine)
        needs = missing.map { "needs \($0.need)" }
        let secrets = request.variables.filter { $0.isSecret && secretCommands[$0.name] == nil }.map(\.name)
        if !secrets.isEmpty { needs.append("needs \(secrets.joined(separator: ", ")) in the environment") }
        if engine != nil, !request.usesEngine, request.outputs.isEmpty {
            needs.append("it also loads the image into the engine: no flag turns that off")
        }
    }

    /// Both, a line each.
    var lines: [String] { [text] + needs }
}
