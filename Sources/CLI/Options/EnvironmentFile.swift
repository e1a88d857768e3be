import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage

/// Files and flags of `NAME[=VALUE]`, as `docker run --env-file` and `-e` read them.
enum EnvironmentFile {
    /// The variables of `--env-file` and of `--env`, which counts more.
    /// - Throws: `Failure` that names the option, the file and the line.
    static func variables(
        files: [String], options: [String], _ environment: [String: String]
    ) throws -> [PlatformVariable] {
        try files.flatMap { try variables(in: FilePath($0), environment) }
            + options.map { try variable($0, environment, option: "--env") }
    }

    /// The variables of a file: one a line, blank lines and lines that begin with `#` left out.
    /// - Throws: `Failure` that names the file and the line.
    static func variables(in path: FilePath, _ environment: [String: String]) throws -> [PlatformVariable] {
        guard let data = FileManager.default.contents(atPath: path.string) else {
            throw Failure(
                .usage, "--env-file \(path): cannot read the file",
                advice: "check that it exists and that you may read it")
        }
        // A file of Windows has "\r\n", which is one character.
        let lines = String(decoding: data, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        return try lines.enumerated().compactMap { index, line in
            let text = line.trimmingPrefix { $0 == " " || $0 == "\t" }
            guard !text.isEmpty, !text.hasPrefix("#") else { return nil }
            return try variable(String(text), environment, at: .line("\(path):\(index + 1)"))
        }
    }

    /// One variable of an option; a name alone takes its value from the environment.
    /// - Throws: `Failure` that names the option. The text is not repeated: it may hold a secret.
    static func variable(
        _ text: String, _ environment: [String: String], option: String
    ) throws -> PlatformVariable {
        try variable(text, environment, at: .option(option))
    }

    /// Where a variable is written.
    private enum Place {
        case option(String)
        /// A file and a line in it.
        case line(String)

        /// What it begins with in a message.
        var text: String {
            switch self {
            case .option(let text), .line(let text): text
            }
        }

        /// What a message says of a word without a value; a line of a file may be the rest of a secret.
        func text(_ name: String) -> String {
            switch self {
            case .option(let option): "\(option) \(name)"
            case .line(let line): line
            }
        }

        /// How it is written.
        var example: String {
            switch self {
            case .option(let option): "\(option) RELEASE=my_release"
            case .line: "RELEASE=my_release"
            }
        }
    }

    private static func variable(
        _ text: String, _ environment: [String: String], at place: Place
    ) throws -> PlatformVariable {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty, !name.contains(where: { $0 == " " || $0 == "/" || $0 == "\0" }) else {
            throw Failure(.usage, "\(place.text): not NAME=VALUE", advice: "for example \(place.example)")
        }
        if parts.count == 2 { return PlatformVariable(name: name, value: String(parts[1])) }
        guard let value = environment[name] else {
            throw Failure(
                .usage, "\(place.text(name)): this variable is not set in your environment",
                advice: "export it, or write NAME=VALUE")
        }
        return PlatformVariable(name: name, value: value)
    }
}
