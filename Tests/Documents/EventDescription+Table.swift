import Lifecycle

extension EventDescription {
    /// The row of one event.
    init(_ name: LifecycleEvent.Name) {
        self.name = name
        (summary, fields) = Self.row(name)
    }

    private static func row(_ name: LifecycleEvent.Name) -> (String, [Field]) {
        switch name {
        case .buildStarted: ("The build began; the first event.", buildStarted)
        case .phaseStarted: ("A phase began.", [phase])
        case .phaseFinished: ("A phase ended.", [phase, phaseOutcome, seconds])
        case .buildpackStarted:
            (
                "A buildpack began its part of a phase.",
                [phase, buildpack, Field("version", "string", "the buildpack's version")]
            )
        case .buildpackFinished:
            ("A buildpack ended its part of a phase.", [phase, buildpack, buildpackOutcome, reason])
        case .planResolved: ("The group of buildpacks and the build plan are resolved.", plan)
        case .commandStarted: ("A command began.", [command, buildpack, commandText])
        case .commandEnded: ("A command ended.", [command, status, seconds])
        case .output: ("Output of a command or a buildpack; secrets are masked.", output)
        case .notice: ("A line for the user.", [Field("text", "string", "the line")])
        case .diagnostic: ("A problem with a place in the project.", diagnostic)
        case .layer: ("A layer was made, grew, or was reused.", layer)
        case .progress: ("How far a step is.", progress)
        case .dependency:
            ("Work on one of the project's dependencies began or, with `seconds`, ended.", dependency)
        case .imageWritten:
            ("The image was written to a place.", [Field("place", "string", "the place, as skopeo names it")])
        case .buildFinished: ("The build is done; the last event.", finished)
        case .buildFailed: ("The build failed; the last event.", failed)
        case .buildCancelled: ("The build was cancelled; the last event. Image and cache have not changed.", [])
        }
    }

    private static let phase = Field("phase", "string", "`analyze`, `detect`, `restore`, `build` or `export`")
    private static let seconds = Field("seconds", "number", "how long it took")
    private static let buildpack = Field("buildpack", "string", "the buildpack's id")
    private static let reason = Field("reason", "string?", "why, if there is a reason to give")
    private static let command = Field("id", "number", "the command's number in this build")
    private static let status = Field("status", "number", "the exit status; after a signal, 128 plus its number")
    private static let commandText = Field("text", "string", "the command as a shell would take it, secrets masked")
    private static let phaseOutcome = Field(
        "outcome", "string", "`done`, `unchanged` (nothing was run), `failed` or `cancelled`")
    private static let buildpackOutcome = Field("outcome", "string", "`passed`, `failed` or `skipped`")

    private static let buildStarted = [
        Field("image", "string", "the image's name as the user gave it"),
        Field("project", "string", "the project's folder"),
        Field("version", "string", "mixpack's version"),
        Field("logFile", "string?", "the file with the whole log"),
    ]
    private static let plan = [
        Field("group", "array", "the buildpacks, in order: `id`, `version`?, `isOptional`"),
        Field("entries", "array", "the dependencies, by name: `name`, `providers`, `requires`"),
    ]
    private static let output = [
        Field("buildpack", "string?", "the id of the buildpack that wrote it; missing for the lifecycle itself"),
        Field("command", "number?", "the number of the command that wrote it"),
        Field("isError", "boolean", "whether it came from standard error"),
        Field("text", "string", "whole lines, at most 64 KB"),
    ]
    private static let diagnostic = [
        Field("severity", "string", "`note`, `warning` or `error`"),
        Field("text", "string", "what is wrong, in one line"),
        Field("file", "string?", "the file, relative to the project's folder"),
        Field("line", "number?", "the line, from 1"),
        Field("column", "number?", "the column, from 1"),
        Field("advice", "string?", "what to try"),
    ]
    private static let layer = [
        Field("change", "string", "`created`, `growing`, `restored`, `reused`, `exported` or `cached`"),
        Field("layer", "object", "the layer, as below"),
    ]
    private static let dependency = [
        Field("name", "string", "the dependency"),
        Field("work", "string", "`fetching` or `compiling`"),
        Field("number", "number", "its place in the order of the work, from 1"),
        Field("total", "number", "how many there are to fetch or compile"),
        Field("seconds", "number?", "how long it took, once it is done"),
    ]
    private static let progress = [
        Field("step", "string", "the step, for people"),
        Field("done", "number", "how much is done, in the step's own unit"),
        Field("total", "number", "how much there is"),
    ]
    private static let finished = [
        Field("image", "string", "the image's name"),
        Field("manifestDigest", "string", "the digest of its manifest"),
        Field(
            "imageID", "string", "the image ID: the digest of its configuration, or the ID in the engine that has it"),
        Field("places", "array", "the places that have it, as skopeo names them"),
        Field("layers", "array", "its layers from the bottom up, as below"),
        Field("phases", "array", "the time of each phase: `phase`, `seconds`"),
        Field("seconds", "number", "the time of the whole build"),
        Field("isUnchanged", "boolean", "whether nothing had changed, so nothing was run"),
        Field("runCommand", "string", "the command that runs the image; empty if nothing on the machine can"),
        Field("requiredVariables", "array", "the variables that the image needs when it runs"),
        Field("dependsOnPlace", "boolean?", "whether there was no sandbox, so digests may depend on the folder"),
        Field(
            "notLoaded", "object?",
            "why no container engine has it: `severity` (`error` if the user named the engine), `text`, `advice`"),
        Field(
            "notTried", "object?",
            "why the release was not started: `severity` (`error` unless it was `if-possible`), `text`, `advice`"),
    ]
    private static let failed = [
        Field("phase", "string?", "the phase it failed in; missing before the first"),
        Field("exitCode", "number", "the exit code of mixpack"),
        Field("message", "string", "what failed, in one line"),
        Field("file", "string?", "the file with the fault, relative to the project's folder"),
        Field("line", "number?", "the line in it, from 1"),
        Field("advice", "string?", "what to try; may have several lines"),
        Field("choices", "array", "choices that would settle it, such as the names of releases"),
        Field("choiceVariable", "string?", "the variable that the choice goes into, such as `RELEASE`"),
        Field("secret", "string?", "the secret that got into the image, which `--allow-secret` would allow"),
        Field(
            "pathsToOpen", "array?",
            "the paths outside the project that its links lead to, which `--follow-links` would allow"),
        Field("needsTrust", "boolean?", "whether there is no sandbox, and the project is not trusted"),
    ]

    /// The fields of a layer, in every event that has one.
    static let layerFields = [
        Field("buildpack", "string?", "the buildpack's id; missing for layers of the run image and the lifecycle"),
        Field("name", "string", "the layer's name, for example `release`"),
        Field("types", "array", "what it is for: `launch`, `build`, `cache`"),
        Field("size", "number", "bytes of its files, without the headers of tar"),
        Field("files", "number?", "how many files it has"),
        Field("diffID", "string?", "the digest of its uncompressed tar, after the export"),
        Field("reason", "string?", "why it was made again or kept"),
        Field("directory", "string?", "its folder on the machine"),
    ]
}
