/// One file of a layer's `env` folder (CNB Buildpack specification, "Environment Variable Modification Rules").
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

    /// Changes the variable as the file says.
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
