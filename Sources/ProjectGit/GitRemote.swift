import Files
import SystemPackage

extension GitFolder {
    /// The address of the remote repository that the branch follows, or else of `origin`, without what logs in there.
    ///
    /// `nil` if there is none, or none that others could reach.
    package var remoteAddress: String? {
        guard let bytes = try? common.appending("config").bytes(limit: 1 << 20) else { return nil }
        let entries = GitConfiguration(String(decoding: bytes, as: UTF8.self)).entries
        func value(_ section: String, _ subsection: String, _ name: String) -> String? {
            entries.last { $0.section == section && $0.subsection == subsection && $0.name == name }?.value
        }
        let followed = head?.branch.flatMap { value("branch", $0, "remote") }
        let url = value("remote", followed ?? "origin", "url") ?? value("remote", "origin", "url")
        return url.flatMap(GitConfiguration.withoutCredentials)
    }
}
