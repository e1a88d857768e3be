public import SystemPackage

/// Links of a project that lead out of it, to files and folders that the user has not opened to it.
///
/// Followed, they would bring what is there into the build and the image.
public struct OutsideLinks: Error, Sendable, Hashable, CustomStringConvertible {
    /// One link.
    public struct Link: Sendable, Hashable {
        /// Its path, relative to the project's folder.
        public var path: String
        /// Where it leads, links followed.
        public var target: FilePath
    }

    /// The links, in the order in which they were met; at least one.
    public var links: [Link]

    /// What is wrong, in one line.
    public var description: String {
        let rest = links.count > 1 ? " (and \(links.count - 1) more such links)" : ""
        return links.first.map { "\($0.path) is a link that leads out of the project, to \($0.target)\(rest)" } ?? ""
    }

    /// What to try.
    public var advice: String {
        let flags = links.map { "--follow-links \($0.target)" }.joined(separator: " ")
        return "remove the link, or leave it out by exclude in project.toml, or, if the build may read what is there: "
            + flags
    }
}
