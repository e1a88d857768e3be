import FoundationEssentials
import Lifecycle
import SystemPackage

/// Files and flags of `NAME[=VALUE]`, as `docker run --env-file` and `-e` read them.
enum EnvironmentFile {
    /// The variables of a file: one a line, blank lines and lines that begin with `#` left out.
    /// - Throws: `ProgramExit` that names the file and the line.
    static func variables(in path: FilePath, _ environment: [String: String]) throws -> [PlatformVariable] {
        guard let data = FileManager.default.contents(atPath: path.string) else {
            throw ProgramExit.usage(
                "--env-file \(path): the file cannot be read", advice: "check that it is there, and yours to read")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { index, line in
            let text = line.trimmingPrefix { $0 == " " || $0 == "\t" }
            guard !text.isEmpty, !text.hasPrefix("#") else { return nil }
            return try variable(String(text), environment, option: "\(path):\(index + 1)")
        }
    }

    /// One variable; a name alone takes its value from the environment.
    /// - Throws: `ProgramExit` that names the option. The text is not repeated: it may hold a secret.
    static func variable(
        _ text: String, _ environment: [String: String], option: String
    ) throws -> PlatformVariable {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty, !name.contains(where: { $0 == " " || $0 == "/" || $0 == "\0" }) else {
            throw ProgramExit.usage("\(option): not NAME=VALUE", advice: "for example \(option) RELEASE=my_release")
        }
        if parts.count == 2 { return PlatformVariable(name: name, value: String(parts[1])) }
        guard let value = environment[name] else {
            throw ProgramExit.usage(
                "\(option) \(name): the variable is not set here", advice: "export it, or write \(name)=VALUE")
        }
        return PlatformVariable(name: name, value: value)
    }
}
