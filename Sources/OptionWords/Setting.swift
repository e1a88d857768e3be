/// A setting of builds or of the console, and every way to give it.
///
/// A flag comes before a variable of the environment, that before project.toml, and that before config.toml.
package struct Setting: Sendable, Hashable {
    /// What it is.
    package let about: String
    /// The long names of its options, without dashes.
    package let flags: [String]
    /// Variables of mixpack's own environment.
    package let environment: [String]
    /// Its key in project.toml.
    package let projectFile: String?
    /// Its key in config.toml.
    package let configurationFile: String?

    init(
        _ about: String, flags: [String] = [], environment: [String] = [], project: String? = nil,
        configuration: String? = nil
    ) {
        self.about = about
        self.flags = flags
        self.environment = environment
        projectFile = project
        configurationFile = configuration
    }

    /// Those that can be given in more than one way; every other setting is a flag alone.
    package static let all = [
        Setting(
            "the builder", flags: ["builder"], project: "io.buildpacks.builder", configuration: "builder"),
        Setting("the buildpacks", flags: ["buildpack"], project: "io.buildpacks.group"),
        Setting("buildpacks in front of the others", flags: ["pre-buildpack"], project: "io.buildpacks.pre.group"),
        Setting("buildpacks behind the others", flags: ["post-buildpack"], project: "io.buildpacks.post.group"),
        Setting("variables of the build", flags: ["env", "env-file"], project: "io.buildpacks.build.env"),
        Setting("which files take part", project: "io.buildpacks.include, io.buildpacks.exclude"),
        Setting("the release", flags: ["release"], project: "RELEASE in io.buildpacks.build.env"),
        Setting(
            "who may connect to the node", flags: ["distribution"],
            project: "BP_DISTRIBUTION in io.buildpacks.build.env"),
        Setting("whether every command is shown", flags: ["verbose"], project: "DEBUG in io.buildpacks.build.env"),
        Setting("the time in the image", flags: ["creation-time"], environment: ["SOURCE_DATE_EPOCH"]),
        Setting("more names of the image", flags: ["tag"], project: "mixpack.tags"),
        Setting("labels of the image", flags: ["label"], project: "mixpack.labels"),
        Setting("annotations of its manifest", flags: ["annotation"], project: "mixpack.annotations"),
        Setting("programs in the image", flags: ["run-program"], project: "mixpack.run-programs"),
        Setting("what Docker asks the container", flags: ["health-check"], project: "mixpack.health-check"),
        Setting("the steps that make assets", project: "mixpack.assets"),
        Setting(
            "programs of yours that the build may run", flags: ["tool"], project: "mixpack.tools (asks)",
            configuration: "tools"),
        Setting("where links may lead", flags: ["follow-links"], configuration: "follow-links"),
        Setting("folders that are copied with projects", flags: ["context"], configuration: "contexts"),
        Setting("buildpacks of others that get secrets", flags: ["secrets-for"], configuration: "secrets-for"),
        Setting(
            "projects that run without a sandbox", flags: ["trust-project"], environment: ["MIXPACK_TRUST_PROJECT"]),
        Setting("certificates to trust", flags: ["registry-ca"], environment: ["SSL_CERT_FILE"]),
        Setting(
            "where Erlang, Elixir and Hex come from", environment: ["MIXPACK_BUILDS_URL", "HEX_BUILDS_URL"],
            configuration: "builds-url"),
        Setting("the mirror of hex.pm", environment: ["HEX_MIRROR"], configuration: "hex-url"),
        Setting(
            "whether mixpack fetches anything", environment: ["MIXPACK_OFFLINE", "HEX_OFFLINE"],
            configuration: "offline"),
        Setting("where registries are reached", configuration: "registries"),
        Setting("the theme", flags: ["theme"], configuration: "theme"),
        Setting("colours", flags: ["color"], environment: ["NO_COLOR"]),
        Setting("the mouse", flags: ["no-mouse"], configuration: "mouse"),
        Setting("ASCII characters only", flags: ["ascii"], configuration: "ascii"),
        Setting("the console as questions and lines", flags: ["accessible"], configuration: "accessible"),
        Setting("seconds after which the bell rings", configuration: "bell-after"),
        Setting("keys", configuration: "keys"),
    ]

    /// The keys that config.toml may have.
    package static var configurationKeys: [String] { all.compactMap(\.configurationFile) }

    /// The keys that a table of project.toml may have, such as `tags` in `mixpack`.
    package static func projectKeys(in table: String) -> [String] {
        all.compactMap(\.projectFile).flatMap { $0.split(separator: ",") }.compactMap { text in
            // Some have a word on what the key means.
            guard let key = text.split(separator: " ").first, key.hasPrefix(table + ".") else { return nil }
            return String(key.dropFirst(table.count + 1))
        }
    }

    /// The table of docs/pack.md.
    package static var table: String {
        let head = ["| setting | flags | environment | project.toml | config.toml |", "|---|---|---|---|---|"]
        let rows = all.map { setting in
            let cells = [
                setting.about, code(setting.flags.map { "--\($0)" }), code(setting.environment),
                code(setting.projectFile.map { [$0] } ?? []), code(setting.configurationFile.map { [$0] } ?? []),
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        return (head + rows).joined(separator: "\n") + "\n"
    }

    private static func code(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }
}
