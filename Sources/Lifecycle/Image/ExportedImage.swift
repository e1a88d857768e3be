import OCIImage
import SystemPackage

/// The image that a build made, and where it stands.
struct ExportedImage {
    let request: BuildRequest
    let image: Image
    let record: BuildRecord
    /// The places besides the store.
    var places: [String] = []
    /// The engine's command, where the image was loaded into one.
    var engineCommand: String?
    /// The store's own OCI layout of the image.
    var storeLayout: FilePath?

    func report(phases: [BuildReport.PhaseTime], seconds: Double, isUnchanged: Bool) -> BuildReport {
        let store = storeLayout.map { ["oci:\($0)"] } ?? []
        return BuildReport(
            image: request.image.description, manifestDigest: image.digest, imageID: image.id, places: store + places,
            layers: record.layers, phases: phases, seconds: seconds, isUnchanged: isUnchanged,
            runCommand: runCommand, requiredVariables: record.requiredVariables)
    }

    /// The command that runs the image, with the ports and the variables that it needs.
    private var runCommand: String {
        let ports = record.exposedPorts.map { "-p \($0):\($0) " }.joined()
        let variables = record.requiredVariables.map { "-e \(Self.example(of: $0)) " }.joined()
        return "\(engineCommand ?? "podman") run -it --rm \(ports)\(variables)\(runnableName)"
    }

    private static func example(of variable: String) -> String {
        variable == "SECRET_KEY_BASE" ? "\(variable)=\"$(openssl rand -base64 48)\"" : "\(variable)=…"
    }

    private var runnableName: String {
        if engineCommand != nil {
            return request.image.tag == "latest"
                ? String(request.image.description.dropLast(":latest".count)) : request.image.description
        }
        return request.outputs.first?.description ?? storeLayout.map { "oci:\($0)" } ?? request.image.description
    }
}
