import Files
import SystemPackage

/// What of distribution the project settles itself, so that mixpack leaves it alone.
struct ReleaseOwnership: Hashable {
    /// Whether the project sets the cookie: in mix.exs, env.sh or vm.args.
    var cookie: Bool
    /// Whether the release's COOKIE file stays, because mix.exs says what is in it.
    ///
    /// Otherwise mix has made it up, and it must not be in an image.
    var keepsCookieFile: Bool
    /// Whether the project sets the node's name or the distribution: in env.sh or vm.args.
    var distribution: Bool

    private static let distributionFlags = [
        "-start_epmd", "-erl_epmd_port", "-epmd_module", "-proto_dist", "inet_dist_",
    ]

    init(cookie: Bool, keepsCookieFile: Bool, distribution: Bool) {
        self.cookie = cookie
        self.keepsCookieFile = keepsCookieFile
        self.distribution = distribution
    }

    /// - Parameter mixFileSetsCookie: whether mix.exs has `cookie:` for it.
    init(of release: AssembledRelease, mixFileSetsCookie: Bool) {
        let script = Self.active(release.versionDirectory.appending("env.sh"))
        let arguments = Self.active(release.versionDirectory.appending("vm.args"))
        keepsCookieFile = mixFileSetsCookie
        cookie =
            mixFileSetsCookie || script.contains { Self.sets("RELEASE_COOKIE", $0) }
            || arguments.contains { $0.hasPrefix("-setcookie") }
        distribution =
            script.contains { Self.sets("RELEASE_NODE", $0) || Self.sets("RELEASE_DISTRIBUTION", $0) }
            || arguments.contains { $0.hasPrefix("-name") || $0.hasPrefix("-sname") }
            || (script + arguments).contains { line in Self.distributionFlags.contains(where: line.contains) }
    }

    /// The lines that the user reads where the project settles something.
    var notices: [String] {
        let kept =
            cookie
            ? [
                "the project sets its own Erlang cookie, so everyone who has the image has the cookie; mixpack makes none"
            ] : []
        let named =
            distribution
            ? ["the project sets its own node name or distribution: mixpack does not limit it to loopback"] : []
        return kept + named
    }

    private static func sets(_ variable: String, _ line: String) -> Bool {
        line.split(whereSeparator: { " ;\t".contains($0) }).contains { $0.hasPrefix(variable + "=") }
    }

    /// The lines of a file that are no comments.
    private static func active(_ path: FilePath) -> [String] {
        (path.text ?? "").split(whereSeparator: \.isNewline)
            .map { String($0.trimmingPrefix { $0 == " " || $0 == "\t" }) }
            .filter { !$0.hasPrefix("#") }
    }
}
