import Glibc
import SystemPackage

/// What the program writes, whole lines at a time.
enum Output {
    static func line(_ text: String) { write(text + "\n") }

    /// Text as it is.
    static func write(_ text: String) { _ = try? FileDescriptor.standardOutput.writeAll(text.utf8) }

    static func error(_ text: String) { _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8) }
}

/// Keeps what the program knows to itself.
enum Secrecy {
    /// A dump of its memory would hold credentials.
    static func forbidDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
