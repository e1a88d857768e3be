/// Variables that programs need because the sandbox has a user namespace of its own.
///
/// Only the user that runs mixpack has a name in there: files of anybody else belong to nobody.
struct SandboxEnvironment {
    /// Whether root runs mixpack.
    let isRoot: Bool

    /// The environment with these variables; git's settings that are there stay.
    func adding(to environment: [String: String]) -> [String: String] {
        var environment = environment
        // git refuses repositories that belong to another user ("dubious ownership"); the sandbox guards the rest.
        let count =
            environment["GIT_CONFIG_COUNT"].flatMap { Int($0) }.flatMap { (0...1000).contains($0) ? $0 : nil } ?? 0
        environment["GIT_CONFIG_COUNT"] = "\(count + 1)"
        environment["GIT_CONFIG_KEY_\(count)"] = "safe.directory"
        environment["GIT_CONFIG_VALUE_\(count)"] = "*"
        // Each bind is a file system of its own to git, which looks for its folder in one only.
        environment["GIT_DISCOVERY_ACROSS_FILESYSTEM"] = "1"
        // As root, tar gives files the owners of the archive, and fails where they have no name.
        if isRoot, environment["TAR_OPTIONS"] == nil { environment["TAR_OPTIONS"] = "--no-same-owner" }
        return environment
    }

    /// Whether the loader or the C library of any program follows a variable, so that it loads or writes files by it.
    ///
    /// These are what the loader itself drops for programs with more rights than their caller (ld.so(8), "Secure-execution
    /// mode").
    static func steersPrograms(_ name: String) -> Bool {
        ["LD_", "MALLOC_", "GLIBC_"].contains { name.hasPrefix($0) } || named.contains(name)
    }

    private static let named: Set<String> = [
        "GCONV_PATH", "GETCONF_DIR", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NIS_PATH", "NLSPATH",
        "RESOLV_HOST_CONF", "RES_OPTIONS", "TMPDIR", "TZDIR",
    ]
}
