/// Variables that programs need because the sandbox has a user namespace of its own.
///
/// Only the user that runs mixpack has a name in there: files of anybody else belong to nobody.
struct SandboxEnvironment {
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
    /// These are the loader's own and those that it drops for programs with more rights than their caller (ld.so(8)), by
    /// their whole names: another variable, such as `LD_SDK_KEY`, may be a secret, which must not be a word of a command.
    static func steersPrograms(_ name: String) -> Bool { steering.contains(name) }

    private static let steering: Set<String> = [
        "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LD_ASSUME_KERNEL", "LD_AUDIT", "LD_BIND_NOT",
        "LD_BIND_NOW", "LD_DEBUG", "LD_DEBUG_OUTPUT", "LD_DYNAMIC_WEAK", "LD_HWCAP_MASK", "LD_LIBRARY_PATH",
        "LD_ORIGIN_PATH", "LD_POINTER_GUARD", "LD_PREFER_MAP_32BIT_EXEC", "LD_PRELOAD", "LD_PROFILE",
        "LD_PROFILE_OUTPUT", "LD_SHOW_AUXV", "LD_TRACE_LOADED_OBJECTS", "LD_TRACE_PRELINKING", "LD_USE_LOAD_BIAS",
        "LD_VERBOSE", "LD_WARN", "LOCALDOMAIN", "LOCPATH", "MALLOC_CHECK_", "MALLOC_TRACE", "NIS_PATH", "NLSPATH",
        "RESOLV_HOST_CONF", "RES_OPTIONS", "TMPDIR", "TZDIR",
    ]
}
