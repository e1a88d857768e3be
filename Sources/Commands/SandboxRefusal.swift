import SystemPackage

/// Why bubblewrap, which is installed, does not start on a machine, and how to fix that.
struct SandboxRefusal {
    /// What it printed.
    let output: String
    /// A setting of the kernel, by its path below /proc/sys, without blanks.
    let setting: (String) -> String?
    /// Whether the machine has a file, by its path without the slash in front.
    let has: (FilePath) -> Bool

    private var line: String {
        output.split(separator: "\n").first.map(String.init) ?? "bubblewrap does not start"
    }

    /// The first setting that is in the way, with the command that lifts it.
    var status: SandboxStatus {
        let obstacles = [
            ("kernel/unprivileged_userns_clone", "0", Self.allowing("kernel.unprivileged_userns_clone=1")),
            ("kernel/apparmor_restrict_unprivileged_userns", "1", profileAdvice),
            ("user/max_user_namespaces", "0", Self.allowing("user.max_user_namespaces=15000")),
        ]
        for (path, obstacle, advice) in obstacles where setting(path) == obstacle {
            let name = String(path.map { $0 == "/" ? "." : $0 })
            return .unavailable(
                reason: "user namespaces are restricted (\(name)=\(obstacle)): \(line)", advice: advice)
        }
        return .unavailable(
            reason: line,
            advice: "inside a container, allow it to make namespaces (for example --privileged); "
                + "settings: kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns")
    }

    private static func allowing(_ setting: String) -> String { "allow them: sudo sysctl -w \(setting)" }

    private static let profile: FilePath = "etc/apparmor.d/bwrap-userns-restrict"
    private static let packagedProfile: FilePath = "usr/share/apparmor/extra-profiles/bwrap-userns-restrict"

    /// The profile that Ubuntu has for bubblewrap lets it alone make namespaces, so that the protection can stay on.
    ///
    /// Ubuntu 24.04 has it in the package apparmor-profiles, not in use; later ones have it in place.
    private var profileAdvice: String {
        let load = "sudo apparmor_parser -r /\(Self.profile)"
        guard !has(Self.profile) else { return "load AppArmor's profile for bubblewrap: \(load)" }
        let copy = "sudo install -m 644 /\(Self.packagedProfile) /\(Self.profile.removingLastComponent())/"
        let package = has(Self.packagedProfile) ? "" : "sudo apt-get install -y apparmor-profiles && "
        return "load AppArmor's profile for bubblewrap: \(package)\(copy) && \(load)"
    }
}
