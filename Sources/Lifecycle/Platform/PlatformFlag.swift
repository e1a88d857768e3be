/// A program of the lifecycle that platforms start.
package enum PlatformProgram: String, Sendable, CaseIterable {
    case creator, rebaser
}

/// A flag of the lifecycle's programs, the variable that stands in for it, and what it is without both
/// ([CNB Platform specification, Inputs](https://github.com/buildpacks/spec/blob/main/platform.md#creator)).
struct PlatformFlag: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case text, boolean
        /// May be given several times; in the variable, members are separated by commas.
        case list
    }

    var name: String
    var variable: String?
    var kind = Kind.text
    /// What counts if nothing is given; in it `<layers>` is the folder of layers.
    var standard: String?
    /// The first Platform API that has it.
    var since = PlatformAPI.minor(0)
    var programs: Set<PlatformProgram> = [.creator]

    init(
        _ name: String, _ variable: String? = nil, _ kind: Kind = .text, or standard: String? = nil, since: UInt64 = 0,
        of programs: Set<PlatformProgram> = [.creator]
    ) {
        self.name = name
        self.variable = variable
        self.kind = kind
        self.standard = standard
        self.since = .minor(since)
        self.programs = programs
    }

    /// Whether a program has the flag when a platform speaks an API.
    func isKnown(to program: PlatformProgram, _ api: PlatformAPI) -> Bool {
        programs.contains(program) && api >= since
    }

    private static let both: Set<PlatformProgram> = [.creator, .rebaser]

    /// All flags, by name.
    static let all = [
        PlatformFlag("app", "CNB_APP_DIR", or: "/workspace"),
        PlatformFlag("build-config", "CNB_BUILD_CONFIG_DIR", or: "/cnb/build-config", since: 11),
        PlatformFlag("buildpacks", "CNB_BUILDPACKS_DIR", or: "/cnb/buildpacks"),
        PlatformFlag("cache-dir", "CNB_CACHE_DIR"),
        PlatformFlag("cache-image", "CNB_CACHE_IMAGE"),
        PlatformFlag("daemon", "CNB_USE_DAEMON", .boolean, of: both),
        PlatformFlag("force", "CNB_FORCE_REBASE", .boolean, since: 12, of: [.rebaser]),
        PlatformFlag("gid", "CNB_GROUP_ID", of: both),
        PlatformFlag("image", of: [.rebaser]),
        PlatformFlag("insecure-registry", "CNB_INSECURE_REGISTRIES", .list, since: 13, of: both),
        PlatformFlag("launch-cache", "CNB_LAUNCH_CACHE_DIR"),
        PlatformFlag("launcher", or: "/cnb/lifecycle/launcher"),
        PlatformFlag("launcher-sbom", or: "/cnb/lifecycle", since: 11),
        PlatformFlag("layers", "CNB_LAYERS_DIR", or: "/layers"),
        PlatformFlag("layout", "CNB_USE_LAYOUT", .boolean, since: 12),
        PlatformFlag("layout-dir", "CNB_LAYOUT_DIR", since: 12),
        PlatformFlag("log-level", "CNB_LOG_LEVEL", or: "info", of: both),
        PlatformFlag("no-color", "CNB_NO_COLOR", .boolean, of: both),
        PlatformFlag("order", "CNB_ORDER_PATH"),
        PlatformFlag("parallel", "CNB_PARALLEL_EXPORT", .boolean),
        PlatformFlag("platform", "CNB_PLATFORM_DIR", or: "/platform"),
        PlatformFlag("previous-image", "CNB_PREVIOUS_IMAGE"),
        PlatformFlag("previous-image", "CNB_PREVIOUS_IMAGE", since: 11, of: [.rebaser]),
        PlatformFlag("process-type", "CNB_PROCESS_TYPE"),
        PlatformFlag("project-metadata", "CNB_PROJECT_METADATA_PATH", or: "<layers>/project-metadata.toml"),
        PlatformFlag("report", "CNB_REPORT_PATH", or: "<layers>/report.toml", of: both),
        PlatformFlag("run", "CNB_RUN_PATH", or: "/cnb/run.toml", since: 12),
        PlatformFlag("run-image", "CNB_RUN_IMAGE", of: both),
        PlatformFlag("skip-restore", "CNB_SKIP_RESTORE", .boolean),
        PlatformFlag("stack", "CNB_STACK_PATH", or: "/cnb/stack.toml"),
        PlatformFlag("system", "CNB_SYSTEM_PATH", or: "/cnb/system.toml", since: 15),
        PlatformFlag("tag", nil, .list),
        PlatformFlag("uid", "CNB_USER_ID", of: both),
        PlatformFlag("version", nil, .boolean, of: both),
    ]
}
