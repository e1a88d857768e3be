import Diagnostics
import Files
import SystemPackage
import TOMLCoding

/// Which Elixir and Erlang a project asks for, in the order in which it counts, each with its place.
///
/// First come the variables `BP_ELIXIR_VERSION` and `BP_OTP_VERSION` (`-e`, or project.toml), then mise.toml,
/// .tool-versions, .elixir-version and .erlang-version, elixir_buildpack.config, the arguments of a Dockerfile, and last
/// what `elixir:` in mix.exs requires. Of each tool the first counts; the requirement of mix.exs must hold in any case.
package struct VersionRequests: Sendable, Hashable, Codable {
    /// The variables by which the user chooses, by tool.
    package static let variables: [(name: String, tool: RequestedVersion.Tool)] = [
        ("BP_ELIXIR_VERSION", .elixir), ("BP_OTP_VERSION", .erlang),
    ]

    /// All requests, in the order in which they count.
    package private(set) var all: [RequestedVersion]
    /// What was found and could not be understood.
    package private(set) var findings: [Diagnostic]

    /// Creates requests; which of them are overruled is worked out.
    package init(_ all: [RequestedVersion], findings: [Diagnostic] = []) {
        self.all = all
        self.findings = findings
        var seen: Set<RequestedVersion.Tool> = []
        for index in self.all.indices {
            self.all[index].isOverruled = !seen.insert(self.all[index].tool).inserted
        }
    }

    /// Reads what a project asks for; nothing of the project is run.
    ///
    /// - Parameters:
    ///   - folder: the project's.
    ///   - variables: the user's.
    ///   - project: what is known of mix.exs; without it, `elixir:` is not looked at.
    package init(of folder: FilePath, variables: [String: String], project: MixProject?) {
        var reader = Reader()
        for (name, tool) in Self.variables {
            if let value = variables[name], !value.isEmpty { reader.add(tool, value, name, nil) }
        }
        for file in VersionFile.all { reader.read(file, in: folder) }
        for (path, requirement) in project?.elixirRequirements ?? [] {
            let file = path == "." ? "mix.exs" : "\(path)/mix.exs"
            reader.requests.append(RequestedVersion(.elixir, requirement, isRequirement: true, source: file))
        }
        self.init(reader.requests, findings: reader.findings)
    }

    /// The request for a tool that counts; `nil` where nothing asks for it.
    package subscript(tool: RequestedVersion.Tool) -> RequestedVersion? { all.first { $0.tool == tool } }

    /// The request for a tool, where it is one for a certain version and not only a requirement.
    package func pinned(_ tool: RequestedVersion.Tool) -> RequestedVersion? {
        self[tool].flatMap { $0.isRequirement && $0.source.hasSuffix("mix.exs") ? nil : $0 }
    }

    /// What `elixir:` requires, of the project and of its children.
    package var requirements: [RequestedVersion] { all.filter { $0.isRequirement && $0.source.hasSuffix("mix.exs") } }

    private struct Reader {
        var requests: [RequestedVersion] = []
        var findings: [Diagnostic] = []

        mutating func read(_ file: VersionFile, in folder: FilePath) {
            guard let text = try? ProjectFile.text(folder.appending(file.name)) else { return }
            do {
                for entry in try file.read(text, file.name) { add(entry.tool, entry.word, file.name, entry.line) }
            } catch {
                findings.append(
                    Diagnostic(.warning, error.message, file: file.name, line: error.place?.line))
            }
        }

        mutating func add(_ tool: RequestedVersion.Tool, _ word: String, _ source: String, _ line: Int?) {
            if let request = VersionWord.request(tool, word, source: source, line: line) {
                return requests.append(request)
            }
            findings.append(
                Diagnostic(
                    .warning, "\(word.prefix(60)) is no version of \(tool.rawValue) that can be had: it is passed over",
                    file: line == nil ? nil : source, line: line, advice: "write a number, such as \(tool.example)"))
        }
    }
}

extension RequestedVersion.Tool {
    /// How a version of it is written.
    fileprivate var example: String {
        switch self {
        case .elixir: "1.18.4 or 1.18.4-otp-27"
        case .erlang: "27.3.4"
        }
    }
}
