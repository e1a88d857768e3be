import SystemPackage
import TestSupport

/// The detect and build phases of another platform, done by hand: the packaged programs on a build image without Erlang.
struct BuildpackPhases {
    static let names = ["erlang-runtime", "elixir-runtime", "mix-release"]

    /// The packaged buildpacks, a folder each.
    let buildpacks: FilePath
    let folder: FilePath
    let path: String
    let variables: [String: String]

    var layers: FilePath { folder.appending("layers") }
    private var application: FilePath { folder.appending("workspace") }

    /// Runs `bin/detect` of all, then `bin/build` of all on a copy of a project; gives all that was printed.
    func run(_ project: FilePath) async throws -> String {
        removeTree(application)
        try project.copy(to: application)
        for (name, value) in variables { try folder.appending("platform/env/\(name)").write(value) }
        try layers.makeFolder()
        var output = ""
        for name in Self.names {
            output += try await program("detect", of: name, ["CNB_BUILD_PLAN_PATH": plan(name).string]).output
        }
        for name in Self.names {
            let own = layers.appending("io.github.carlo-colombo.\(name)")
            try own.makeFolder()
            try folder.appending("\(name).entries").write(entries(name))
            output += try await program(
                "build", of: name,
                ["CNB_LAYERS_DIR": own.string, "CNB_BP_PLAN_PATH": folder.appending("\(name).entries").string]
            ).output
        }
        return output
    }

    private func plan(_ name: String) -> FilePath { folder.appending("\(name).plan") }

    /// What all plans require of what a buildpack provides: its name without `-runtime`.
    private func entries(_ name: String) throws -> String {
        let own = String(name.split(separator: "-runtime").first ?? "")
        return try Self.names.flatMap { try plan($0).readText().split(separator: "[[requires]]").dropFirst() }
            .filter { $0.contains("name = \"\(own)\"") }
            .map { "[[entries]]" + $0.replacing("[requires.", with: "[entries.") }.joined()
    }

    private func program(_ role: String, of name: String, _ places: [String: String]) async throws -> ProgramEnd {
        let buildpack = buildpacks.appending(name)
        let own = [
            "PATH": path, "HOME": folder.string, "CNB_BUILDPACK_DIR": buildpack.string,
            "CNB_PLATFORM_DIR": folder.appending("platform").string, "CNB_STACK_ID": "any",
        ]
        return try await TestSupport.run(
            buildpack.appending("bin").appending(role), environment: own.merging(places) { $1 },
            workingDirectory: application, within: .seconds(120)
        ).succeeded()
    }
}
