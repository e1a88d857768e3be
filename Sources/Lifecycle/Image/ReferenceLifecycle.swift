/// The reference lifecycle, as other platforms know it.
package enum ReferenceLifecycle {
    /// Its newest version whose files and labels are written here (Platform API 0.15, Buildpack API 0.12).
    ///
    /// pack takes the launcher's version for a lifecycle's, and hides the run image of an image below 0.5.0.
    package static let version = "0.21.0"
}
