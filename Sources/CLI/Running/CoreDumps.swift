import Glibc

/// Core dumps: a dump of mixpack's memory, or of mix's, would hold the build's secrets.
enum CoreDumps {
    /// Forbids them to this process and to every program that it starts.
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
