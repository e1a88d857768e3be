/// The variables of mixpack's own environment that commands of a build may see.
///
/// Follows the reference lifecycle's allow-list; the second list is what mix, Hex and git need on a developer's machine.
enum MachineEnvironment {
    private static let specified: Set<String> = [
        "CNB_STACK_ID", "HOSTNAME", "HOME", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY",
        "no_proxy", "PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH",
    ]
    private static let developer: Set<String> = [
        "MIX_HOME", "MIX_ARCHIVES", "MIX_REBAR3", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND", "CARGO_HOME", "RUSTUP_HOME",
    ]

    /// The part of `environment` that external buildpacks start from: what the specification's lifecycle passes on.
    static func specified(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in specified.contains(name) }
    }

    /// The part of `environment` that a build starts from.
    static func scrubbed(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in
            specified.contains(name) || developer.contains(name) || name.hasPrefix("HEX_")
        }
    }
}
