/// The environment that the process gets: the container's own, without the launcher's, with what the layers add.
struct LaunchEnvironment {
    private(set) var variables: Variables
    private let image: LaunchImage

    /// What the lifecycle put into the image's environment for the launcher alone.
    private static let ownNames: [ByteString] = [
        "CNB_LAYERS_DIR", "CNB_APP_DIR", "CNB_PROCESS_TYPE", "CNB_PLATFORM_API", "CNB_DEPRECATION_MODE",
    ]
    private static let ownFolders: [ByteString] = ["/cnb/process", "/cnb/lifecycle"]

    init(_ image: LaunchImage) {
        self.image = image
        variables = image.variables
        for name in Self.ownNames { variables[name] = nil }
        if let path = variables["PATH"] {
            variables["PATH"] = path.split(by: .colon).filter { !Self.ownFolders.contains($0) }.joined(by: ":")
        }
    }

    /// Adds what the layers say for a process type, or for a command of the user's (`nil`).
    mutating func addLayers(processType: ByteString?) throws(LaunchError) {
        for buildpack in image.metadata.buildpacks {
            let layers = image.layers(of: buildpack)
            for layer in layers { addFolders(of: layer) }
            for layer in layers {
                try addFiles(in: layer + "/env", buildpack)
                try addFiles(in: layer + "/env.launch", buildpack)
                if let processType { try addFiles(in: layer + "/env.launch/" + processType, buildpack) }
            }
        }
    }

    /// Runs the layers' exec.d programs, each with the environment so far, and sets what they print on fd 3.
    mutating func runExecD(processType: ByteString?) throws(LaunchError) {
        for buildpack in image.metadata.buildpacks where buildpack.api >= APIVersion(0, 5) {
            for layer in image.layers(of: buildpack) {
                for folder in ExecD.folders(of: layer, processType: processType) {
                    for program in System.files(in: folder) { try ExecD(program).run(&variables) }
                }
            }
        }
    }

    /// Sets a variable, or takes it out with `nil`.
    mutating func set(_ name: ByteString, _ value: ByteString?) { variables[name] = value }

    private mutating func addFolders(of layer: ByteString) {
        if System.isDirectory(layer + "/bin") { variables.prependPath(layer + "/bin", to: "PATH") }
        if System.isDirectory(layer + "/lib") { variables.prependPath(layer + "/lib", to: "LD_LIBRARY_PATH") }
    }

    private mutating func addFiles(in folder: ByteString, _ buildpack: LaunchBuildpack) throws(LaunchError) {
        for file in try EnvironmentFile.all(in: folder) { file.apply(to: &variables, api: buildpack.api) }
    }
}
