/// Whether the finished application is started once, with made-up values, before the image gets its name.
///
/// If it does not start, the build fails.
package enum StartTrial: String, Sendable, Hashable, Codable, CaseIterable {
    case no
    /// Started if this machine can; otherwise the build says why not, and succeeds.
    case ifPossible = "if-possible"
    /// A build that cannot start it ends as a failed check does.
    case required
    /// As `required`, and images for another processor are started under an emulator.
    case emulated
}
