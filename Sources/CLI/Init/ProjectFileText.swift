import BuildpackAPI
import Lifecycle
import MixInspection
import TOMLCoding

/// A project.toml with comments, out of what was detected and chosen.
///
/// What is chosen stands there; what could be is commented out, with the value that holds without it.
struct ProjectFileText {
    let project: MixProject
    /// The release to build; `nil` leaves it to mix.exs.
    let release: String?
    /// Variables of the build that are no secrets, by name.
    let variables: [String: String]

    /// The whole file.
    var text: String {
        [head, buildpacks, tools, environment, runTime].map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
            + "\n"
    }

    private var head: [String] {
        let name = project.app ?? release
        return [
            "# How this project is built into an image: buildpacks.io's project descriptor, schema 0.2.",
            "# Written by `mixpack init`; flags and the environment take precedence.", "", "[_]",
            "schema-version = \"0.2\"",
        ] + (name.map { ["name = \(quoted($0))"] } ?? [])
            + [
                "# This version is for a label of the image only; mix.exs has its own.",
                "# version = \(quoted(project.version ?? "0.1.0"))",
                "# source-url = \"https://github.com/you/\(name ?? "project")\"",
            ]
    }

    private var buildpacks: [String] {
        [
            "[io.buildpacks]", "# The built-in buildpacks; put others into [[io.buildpacks.group]].",
            "# builder = \"host\"", "#",
            "# The build leaves out .git, _build, deps, node_modules, .env*, *.pem, *.key, and what you add here:",
            "# exclude = [\"/test/\", \"/doc/\"]",
        ]
    }

    private var tools: [String] {
        [
            "# Programs that the build needs besides rebar3, Node's and cargo, by name; whoever builds allows them by",
            "# --tool NAME, or by tools in config.toml.", "# [mixpack]", "# tools = [\"protoc\"]", "",
            "# What makes the assets, where mix.exs has no alias assets.deploy and package.json does not say it.",
            "# [mixpack.assets]", "# commands = [\"npm --prefix assets run build\", \"mix phx.digest\"]",
        ]
    }

    private var environment: [String] {
        var lines = [
            "# Variables of the build. A secret does not belong here: give it with -e NAME when you build."
        ]
        let chosen = entry(BuildVariable.release.rawValue, release ?? firstRelease)
        lines += release == nil ? comment(chosen) : chosen
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) where !Self.isSecret(name) {
            lines += [""] + entry(name, value)
        }
        for variable in readWhileBuilding where variables[variable.name] == nil {
            lines += ["", "# Read while the release is built, by \(variable.file):\(variable.line)."]
            lines +=
                Self.isSecret(variable.name)
                ? ["# A secret: give it with -e \(variable.name), or better, read it in config/runtime.exs."]
                : comment(entry(variable.name, variable.defaultValue ?? ""))
        }
        return lines
    }

    private var firstRelease: String { project.releases.first?.name ?? project.app ?? "my_release" }

    /// What the container wants to know; nothing of it is in the image.
    private var runTime: [String] {
        let read = unique(project.variables.filter { $0.phase == .run })
        guard !read.isEmpty else { return ["# The project reads no variables when it starts."] }
        let width = read.map(\.name.count).max() ?? 0
        return ["# Read when the container starts; set these with docker run -e NAME, not in this file:"]
            + read.map { variable in
                let padding = String(repeating: " ", count: width - variable.name.count)
                let fallback = variable.defaultValue.map { " \($0)" } ?? ""
                return
                    "#   \(variable.name)\(padding)  \(variable.need.rawValue)\(fallback)  \(variable.file):\(variable.line)"
            }
    }

    private var readWhileBuilding: [ProjectVariable] {
        unique(project.variables.filter { $0.phase == .build && $0.name != "MIX_ENV" })
    }

    private func unique(_ variables: [ProjectVariable]) -> [ProjectVariable] {
        var seen: Set<String> = []
        return variables.filter { seen.insert($0.name).inserted }
    }

    private static func isSecret(_ name: String) -> Bool { PlatformVariable.isSecretName(name) }

    private func entry(_ name: String, _ value: String) -> [String] {
        ["[[io.buildpacks.build.env]]", "name = \(quoted(name))", "value = \(quoted(value))"]
    }

    private func comment(_ lines: [String]) -> [String] { lines.map { "# " + $0 } }

    private func quoted(_ text: String) -> String { TOMLWriter.quoted(text) }
}
