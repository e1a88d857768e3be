import Commands
import Diagnostics
import OCIImage
import SystemPackage

/// The image that a build made, and where it stands.
struct ExportedImage {
    let request: BuildRequest
    let image: Image
    let record: BuildRecord
    /// The images of all platforms; `nil` is one alone.
    var images: MultiPlatformImage?
    /// The places besides the store.
    var places: [String] = []
    /// What the registries have.
    var pushed: [BuildReport.Pushed] = []
    /// The first words of commands for the engine that answered.
    var engineCommand: [String]?
    /// The image's ID in the engine that got it.
    var engineImageID: Digest?
    /// Why no engine got it.
    var notLoaded: Diagnostic?
    /// Why the application was not started once.
    var notTried: Diagnostic?
    /// The first words of commands that run an OCI layout without an engine.
    var layoutCommand: [String]?
    /// The store's own OCI layout of the image.
    var storeLayout: FilePath?

    func report(phases: [BuildReport.PhaseTime], seconds: Double, isUnchanged: Bool) -> BuildReport {
        let store = storeLayout.map { ["oci:\($0)"] } ?? []
        return BuildReport(
            image: request.image.description, manifestDigest: image.digest, imageID: engineImageID ?? image.id,
            places: store + places,
            layers: record.layers, phases: phases, seconds: seconds, isUnchanged: isUnchanged,
            runCommand: runCommand, requiredVariables: record.requiredVariables,
            notLoaded: notLoaded, notTried: notTried, size: record.size,
            pushed: pushed.isEmpty ? nil : pushed, index: images.map(BuildReport.Index.init))
    }

    /// The command that runs the image, with the ports and the variables that it needs; empty where nothing here can.
    private var runCommand: String {
        guard let (command, name) = runnable else { return "" }
        let ports = record.exposedPorts.map { "-p \($0):\($0) " }.joined()
        let variables = record.requiredVariables.map { "-e \(Self.example(of: $0)) " }.joined()
        let words = command.map(ShellWord.quoted).joined(separator: " ")
        return "\(words) run -it --rm \(ports)\(variables)\(ShellWord.quoted(name))"
    }

    private static func example(of variable: String) -> String {
        variable == "SECRET_KEY_BASE" ? "\(variable)=\"$(openssl rand -base64 48)\"" : "\(variable)=…"
    }

    /// What runs the image, and the image's name there.
    private var runnable: (command: [String], name: String)? {
        guard image.configuration.platform.isThisMachine else { return nil }
        if let engineCommand, let name = nameInEngine { return (engineCommand, Self.short(name)) }
        return layoutCommand.map { command in
            (
                command,
                request.outputs.first?.description ?? storeLayout.map { "oci:\($0)" } ?? request.image.description
            )
        }
    }

    /// Its name in the engine; `nil` where it went to other places only.
    private var nameInEngine: Reference? {
        if request.usesEngine { return request.image }
        return request.outputs.lazy.compactMap { if case .engine(let name) = $0 { name } else { nil } }.first
    }

    private static func short(_ name: Reference) -> String {
        name.tag == "latest" ? String(name.description.dropLast(":latest".count)) : name.description
    }
}
