import Diagnostics

/// A version of Elixir or Erlang/OTP that a project asks for, and where it does.
package struct RequestedVersion: Sendable, Hashable, Codable {
    package enum Tool: String, Sendable, Hashable, Codable, CaseIterable {
        case elixir, erlang
    }

    /// The word that asks for what is installed, whatever it is.
    package static let system = "system"

    package var tool: Tool
    /// A version, whole (`1.18.4`, `27.3.4.1`) or its beginning (`1.18`, `27`), `system`, or a requirement (`~> 1.14`).
    package var version: String
    /// Whether `version` is a requirement, of which the newest counts that fulfils it.
    package var isRequirement: Bool
    /// The OTP major that this Elixir is built for, where it says so (`1.18.4-otp-27`).
    package var otpMajor: Int?
    /// The file, relative to the project's folder, or the variable.
    package var source: String
    package var line: Int?
    /// Whether something that counts more asks for the same tool.
    package var isOverruled: Bool
    /// The folder of the one install that is meant, if it is asked for by its name or path and not by a version.
    package var folder: String?

    package init(
        _ tool: Tool, _ version: String, isRequirement: Bool = false, otpMajor: Int? = nil, source: String,
        line: Int? = nil, isOverruled: Bool = false, folder: String? = nil
    ) {
        self.tool = tool
        self.version = version
        self.isRequirement = isRequirement
        self.otpMajor = otpMajor
        self.source = source
        self.line = line
        self.isOverruled = isOverruled
        self.folder = folder
    }

    /// Where it is asked for: `.tool-versions:2`.
    package var place: String { line.map { "\(source):\($0)" } ?? source }

    /// The line of a file that asks for it; `nil` for a variable.
    var filePlace: Place? { line.map { Place(source, line: $0) } }

    /// The tool and the version in words: `Elixir 1.18.4 for OTP 27`, `OTP 27.3`.
    package var name: String {
        switch tool {
        case .elixir: "Elixir \(version)" + (otpMajor.map { " for OTP \($0)" } ?? "")
        case .erlang: "OTP \(version)"
        }
    }

    /// Whether an installed version is what is asked for: the same, one that begins with it, or one that fulfils it.
    package func accepts(_ installed: String) -> Bool {
        if version == Self.system { return true }
        if isRequirement {
            guard let requirement = VersionRequirement(version), let found = ElixirVersion(installed) else {
                return true
            }
            return requirement.matches(found)
        }
        return installed == version || installed.hasPrefix(version + ".")
    }
}
