import Diagnostics
import Files
import SystemPackage

/// Which Elixir and Erlang a project asks for, in the order in which it counts, each with its place.
///
/// First come the variables `BP_ELIXIR_VERSION` and `BP_OTP_VERSION` (`-e`, or project.toml), then what version managers
/// go by (`VersionSources`): their variables, and their files in the project's folder and in each above it. Then come
/// .elixir-version and .erlang-version, elixir_buildpack.config, the arguments and base image of a Dockerfile, a development
/// container, workflows that use erlef/setup-beam, and last what `elixir:` in
/// mix.exs requires. Of each tool the first counts; the requirement of mix.exs must hold in any case.
package struct VersionRequests: Sendable, Hashable, Codable {
    /// The variables by which the user chooses, by tool.
    package static let variables: [(name: String, tool: RequestedVersion.Tool)] = [
        ("BP_ELIXIR_VERSION", .elixir), ("BP_OTP_VERSION", .erlang),
    ]

    /// All requests, in the order in which they count.
    package private(set) var all: [RequestedVersion]
    /// What was found and could not be understood.
    package private(set) var findings: [Diagnostic]

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
    ///   - environment: the shell's, with the variables of version managers and `PATH`.
    ///   - requirements: what `elixir:` in mix.exs says, by the application's folder.
    package init(
        of folder: FilePath, variables: [String: String], environment: [String: String] = [:],
        requirements: [(path: String, requirement: String)] = []
    ) {
        var reader = Reader(shell: ShellTools(of: folder, environment: environment))
        for (name, tool) in Self.variables {
            if let value = variables[name], !value.isEmpty {
                reader.add(tool, VersionSources.Word(versions: [value], source: name))
            }
        }
        for tool in RequestedVersion.Tool.allCases {
            let words = reader.shell.sources.words(for: tool, findings: &reader.findings)
            for word in words where !word.isUnclear { reader.add(tool, word) }
            guard !reader.requests.contains(where: { $0.tool == tool }) else { continue }
            reader.findings += words.filter(\.isUnclear).map { Self.seen(tool, $0) }
        }
        for (path, requirement) in requirements {
            let file = path == "." ? "mix.exs" : "\(path)/mix.exs"
            reader.requests.append(RequestedVersion(.elixir, requirement, isRequirement: true, source: file))
        }
        self.init(reader.requests, findings: reader.findings)
    }

    /// A source leaves several versions open.
    private static func seen(_ tool: RequestedVersion.Tool, _ word: VersionSources.Word) -> Diagnostic {
        let name = tool == .elixir ? "Elixir" : "OTP"
        return Diagnostic(
            .note,
            "\(name) \(word.versions.map { String($0.prefix(60)) }.joined(separator: ", ")): not one version, so not taken",
            file: word.source, line: word.line, advice: "name the version in .tool-versions")
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
        let shell: ShellTools
        var requests: [RequestedVersion] = []
        var findings: [Diagnostic] = []

        /// Adds the first of a word's versions that is installed, or the first that there can be.
        mutating func add(_ tool: RequestedVersion.Tool, _ word: VersionSources.Word) {
            let possible = word.versions.compactMap { request(tool, $0, word) }
            if let request = possible.first(where: \.isInstalled) ?? possible.first {
                return requests.append(request.version)
            }
            findings.append(
                Diagnostic(
                    .warning,
                    "\(word.versions.first?.prefix(60) ?? "") is not a version of \(tool.rawValue) that mixpack can "
                        + "get; ignored",
                    file: word.line == nil ? nil : word.source, line: word.line,
                    advice: "write a number, such as \(tool.example)"))
        }

        private func request(
            _ tool: RequestedVersion.Tool, _ text: String, _ word: VersionSources.Word
        ) -> (version: RequestedVersion, isInstalled: Bool)? {
            let folder = VersionManager.allCases.lazy.compactMap { shell.install(text, of: tool.rawValue, by: $0) }
                .first
            if let request = VersionWord.request(tool, text, source: word.source, line: word.line) {
                return (request, folder != nil || request.version == RequestedVersion.system)
            }
            // A branch, a commit or a path: only what is there can be meant.
            guard let folder, let install = ToolInstall(tool, at: folder) else { return nil }
            let request = RequestedVersion(
                tool, install.version, otpMajor: tool == .elixir ? install.otpMajor : nil, source: word.source,
                line: word.line, folder: install.root.string)
            return (request, true)
        }
    }
}

extension RequestedVersion.Tool {
    fileprivate var example: String {
        switch self {
        case .elixir: "1.18.4 or 1.18.4-otp-27"
        case .erlang: "27.3.4"
        }
    }
}

extension VersionRequests {
    /// Looks whether what is asked for can be had at all: the requirement of mix.exs, and the pair of Elixir and OTP.
    /// - Parameter pair: whether Elixir and OTP must be named as made for each other.
    func checkThemselves(pair: Bool = true) throws(Failure) {
        guard let elixir = pinned(.elixir), elixir.version != RequestedVersion.system else { return }
        try check(elixir, against: requirements)
        guard pair, let otp = pinned(.erlang), let major = OTPVersion(otp.version)?.major else { return }
        // What is compiled for an older OTP runs on a newer one.
        if let wanted = elixir.otpMajor, wanted > major {
            throw Failure(
                .versionConflict, "\(elixir.place) asks for \(elixir.name), and \(otp.place) for \(otp.name)",
                at: elixir.filePlace,
                advice: "ask for an OTP \(wanted), or for Elixir \(elixir.version)-otp-\(major)")
        }
        guard let row = KnownVersions.pair(of: elixir.version), major < row.otp.lowerBound else { return }
        throw Failure(
            .versionConflict,
            "Elixir \(elixir.version) (\(elixir.place)) does not run on OTP \(otp.version) (\(otp.place))",
            at: otp.filePlace,
            advice: "Elixir 1.\(row.minor) runs on OTP \(row.otp.lowerBound)-\(row.otp.upperBound)")
    }

    private func check(_ elixir: RequestedVersion, against requirements: [RequestedVersion]) throws(Failure) {
        for required in requirements {
            guard let requirement = VersionRequirement(required.version), !Self.agrees(elixir, requirement) else {
                continue
            }
            throw Failure(
                .versionConflict,
                "\(elixir.place) asks for \(elixir.name), and \(required.place) for Elixir \(required.version)",
                at: Place(elixir.line == nil ? required.source : elixir.source, line: elixir.line),
                advice: "make them agree; \(required.version) allows "
                    + KnownVersions.candidates(for: requirement).joined(separator: ", "),
                choices: KnownVersions.candidates(for: requirement))
        }
    }

    /// Whether a version, or one that begins with it, fulfils a requirement.
    private static func agrees(_ elixir: RequestedVersion, _ requirement: VersionRequirement) -> Bool {
        if elixir.isRequirement { return true }
        let wholes =
            [elixir.version] + (0...20).map { "\(elixir.version).\($0)" }
            + (0...40).flatMap { minor in ["\(elixir.version).\(minor).0", "\(elixir.version).\(minor).9"] }
        let versions = wholes.compactMap { ElixirVersion($0) }
        return versions.isEmpty || versions.contains(where: requirement.matches)
    }
}
