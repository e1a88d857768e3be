/// Whether commands can be given a sandbox on this machine and, if not, why and what to do.
package enum SandboxStatus: Sendable, Hashable {
    /// bubblewrap works.
    case available
    /// There is no sandbox: why, in one line, and what to do about it.
    case unavailable(reason: String, advice: String)

    /// Whether commands can be given a sandbox.
    package var isAvailable: Bool { self == .available }
}
