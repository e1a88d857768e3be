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
                    .warning, "\(word.prefix(60)) is not a version of \(tool.rawValue) that mixpack can get; ignored",
                    file: line == nil ? nil : source, line: line, advice: "write a number, such as \(tool.example)"))
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
    func checkThemselves() throws(Failure) {
        guard let elixir = pinned(.elixir), elixir.version != RequestedVersion.system else { return }
        try check(elixir, against: requirements)
        guard let otp = pinned(.erlang), let major = OTPVersion(otp.version)?.major else { return }
        if let wanted = elixir.otpMajor, wanted != major {
            throw Failure(
                .versionConflict, "\(elixir.place) asks for \(elixir.name), and \(otp.place) for \(otp.name)",
                at: elixir.filePlace,
                advice: "ask for an OTP \(wanted), or for Elixir \(elixir.version)-otp-\(major)")
        }
        try check(elixir, otp, major)
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

    private func check(_ elixir: RequestedVersion, _ otp: RequestedVersion, _ major: Int) throws(Failure) {
        let words = elixir.version.split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
        guard words.count >= 2, words[0] == 1, let pair = KnownVersions.pairs.first(where: { $0.minor == words[1] })
        else { return }
        let laterHolds = pair.later.map { $0.otp == major && (words.count < 3 || words[2] >= $0.patch) } ?? false
        if pair.otp.contains(major) || laterHolds { return }
        let others = KnownVersions.pairs.filter { $0.otp.contains(major) }.map { "1.\($0.minor)" }
        throw Failure(
            .versionConflict,
            "Elixir \(elixir.version) (\(elixir.place)) does not support OTP \(otp.version) (\(otp.place))",
            at: otp.filePlace,
            advice: "Elixir 1.\(pair.minor) runs on OTP \(pair.otp.lowerBound)-\(pair.otp.upperBound)"
                + (others.isEmpty ? "" : "; on OTP \(major) run Elixir \(others.joined(separator: ", "))"))
    }
}
