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

/// One file of a layer's `env` folder (CNB Buildpack specification, "Environment Variable Modification Rules").
///
/// Specification:
/// https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules
struct EnvironmentFile {
    let name: ByteString
    /// All that stands after the first dot of the file's name.
    let action: ByteString?
    let value: ByteString
    let delimiter: ByteString

    /// Reads the files of a folder, in byte order of their names.
    static func all(in folder: ByteString) throws(LaunchError) -> [EnvironmentFile] {
        var files: [EnvironmentFile] = []
        for path in System.files(in: folder) { files.append(try EnvironmentFile(path, in: folder)) }
        return files
    }

    private init(_ path: ByteString, in folder: ByteString) throws(LaunchError) {
        (name, action) = path.baseName.cut(at: .dot)
        value = try Self.content(path)
        let delimiterPath = folder + "/" + name + ".delim"
        delimiter = System.isFile(delimiterPath) ? try Self.content(delimiterPath) : ""
    }

    func apply(to variables: inout Variables, api: APIVersion) {
        let current = variables[name] ?? ""
        switch action {
        case nil where api < APIVersion(0, 5):
            variables[name] = value.joined(with: current, by: delimiter.isEmpty ? ":" : delimiter)
        case nil, "override": variables[name] = value
        case "append": variables[name] = current.joined(with: value, by: delimiter)
        case "prepend": variables[name] = value.joined(with: current, by: delimiter)
        case "default": if current.isEmpty { variables[name] = value }
        default: break
        }
    }

    private static func content(_ path: ByteString) throws(LaunchError) -> ByteString {
        do throws(SystemFailure) {
            return ByteString(try System.content(of: path))
        } catch {
            throw LaunchError(.launch, "cannot read " + path + ": " + error.text)
        }
    }
}

/// A program of a layer's `exec.d` folder: it prints variables as TOML on fd 3 (CNB Buildpack specification, "exec.d").
///
/// Specification: https://github.com/buildpacks/spec/blob/main/buildpack.md#launch
struct ExecD {
    private let program: ByteString

    init(_ program: ByteString) { self.program = program }

    /// The folders of a layer that hold such programs.
    static func folders(of layer: ByteString, processType: ByteString?) -> [ByteString] {
        let common = layer + "/exec.d"
        return [common] + (processType.map { [common + "/" + $0] } ?? [])
    }

    /// Runs it with the variables and sets in them what it prints.
    func run(_ variables: inout Variables) throws(LaunchError) {
        for (name, value) in try printed(try output(variables)) { variables[name] = value }
    }

    private func output(_ variables: Variables) throws(LaunchError) -> [UInt8] {
        let status: Int32
        let output: [UInt8]
        do throws(SystemFailure) {
            (status, output) = try System.runExecD(program, environment: variables.lines)
        } catch {
            throw LaunchError(.launch, "cannot run " + program + ": " + error.text)
        }
        guard status == 0 else {
            throw LaunchError(.launch, program + " ended with status " + ByteString("\(status)"))
        }
        return output
    }

    private func printed(_ output: [UInt8]) throws(LaunchError) -> [(ByteString, ByteString)] {
        do throws(TOMLError) {
            let name = "output of " + String(decoding: program.bytes, as: UTF8.self)
            let root = try TOMLDocument(parsing: String(decoding: output, as: UTF8.self), fileName: name).root
            return try root.entries.map { entry throws(TOMLError) in
                (ByteString(entry.key), ByteString(try root.string(entry.key) ?? ""))
            }
        } catch {
            throw LaunchError(.launch, ByteString(error.description))
        }
    }
}

/// Environment variables, in their order.
struct Variables {
    private var names: [ByteString] = []
    private var values: [ByteString: ByteString] = [:]

    init(_ lines: [ByteString]) {
        for line in lines {
            let (name, value) = line.cut(at: .equals)
            self[name] = value ?? ""
        }
    }

    /// `NAME=VALUE` each.
    var lines: [ByteString] { names.compactMap { name in values[name].map { name + "=" + $0 } } }

    /// The value of a variable; setting `nil` takes it out.
    subscript(name: ByteString) -> ByteString? {
        get { values[name] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else {
                values[name] = nil
                names.removeAll { $0 == name }
            }
        }
    }

    /// Puts a folder in front of a variable that lists folders.
    mutating func prependPath(_ folder: ByteString, to name: ByteString) {
        self[name] = folder.joined(with: self[name] ?? "", by: ":")
    }
}
