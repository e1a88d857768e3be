import Console
import Diagnostics
import ElixirBuildpacks
import Files
import MixInspection
import SystemPackage
import Toolchains

/// The versions that a project asks for, beside those that are installed.
struct ProjectVersions {
    /// What the project asks for.
    let requests: VersionRequests
    /// What is installed, or was fetched before; `nil` where there is none.
    let toolchain: Toolchain?
    /// What a build fetches first.
    let need: ToolchainNeed?
    /// The server that has it.
    let server: String
    /// What is installed of each tool, if it is not what builds: each version with who keeps it.
    let installed: [RequestedVersion.Tool: String]
    /// Whether nothing may be fetched.
    let isOffline: Bool
    private let notes: [Diagnostic]
    private let installCommand: String?

    /// Takes what is known of a project's toolchain.
    /// - Throws: `Failure` where what the project asks for contradicts itself, or there is no toolchain at all.
    init(_ found: ProjectToolchain) throws(Failure) {
        requests = found.requests
        server = found.server
        notes = found.findings
        isOffline = found.isOffline
        installCommand = found.installCommand
        installed = Dictionary(
            uniqueKeysWithValues: RequestedVersion.Tool.allCases.map { ($0, found.installed.list($0)) })
        switch try found.state() {
        case .ready(let toolchain):
            self.toolchain = toolchain
            need = nil
        case .lacking(let need):
            toolchain = found.machine
            self.need = need
        }
    }

    /// What the user should know: what could not be understood, and what a build fetches.
    var findings: [Diagnostic] {
        let fetched = need.map { need in
            isOffline
                ? Diagnostic(.warning, "\(need.absence), and mixpack may not use the network", advice: advice)
                : Diagnostic(
                    .note, "\(need.absence): a build fetches \(need.isPair ? "them" : "it") first", advice: advice)
        }
        return requests.findings + notes + [fetched].compactMap(\.self)
    }

    private var advice: String? {
        installCommand.map { "install it: \($0)" } ?? (isOffline ? "install it, or let mixpack fetch it once" : nil)
    }

    /// What is installed of a tool.
    func found(_ tool: RequestedVersion.Tool) -> String? {
        switch tool {
        case .elixir: toolchain?.elixirVersion
        case .erlang: toolchain?.otpVersion
        }
    }

    /// Where that is.
    func place(_ tool: RequestedVersion.Tool) -> FilePath? {
        switch tool {
        case .elixir: toolchain?.elixirRoot
        case .erlang: toolchain?.erlangRoot
        }
    }

    /// Both tools as the console shows them.
    var rows: [ProjectInspection.Version] {
        RequestedVersion.Tool.allCases.map { tool in
            let request = requests[tool]
            let found = found(tool)
            let others = requests.all.filter {
                $0.tool == tool && !$0.isOverruled || $0.isRequirement && $0.tool == tool
            }
            return ProjectInspection.Version(
                tool: tool.title, found: found, foundIn: place(tool)?.string, required: request?.version,
                requiredBy: request?.place,
                isSatisfied: found.map { version in others.allSatisfy { $0.accepts(version) } } ?? false)
        }
    }
}

extension RequestedVersion.Tool {
    /// The tool's name for people.
    var title: String {
        switch self {
        case .elixir: "Elixir"
        case .erlang: "Erlang/OTP"
        }
    }
}
