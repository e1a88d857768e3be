/// A program of a layer's `exec.d` folder: it prints variables as TOML on fd 3 (CNB Buildpack specification, "exec.d").
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
