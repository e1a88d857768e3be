import Diagnostics
import SystemPackage

/// Links of a project that lead out of it, to files and folders that the user has not opened to it.
///
/// Followed, they would bring what is there into the build and the image.
package struct OutsideLinks: Sendable, Hashable {
    package struct Link: Sendable, Hashable {
        /// Its path, relative to the project's folder.
        package var path: String
        /// Where it leads, links followed.
        package var target: FilePath
    }

    /// The links, in the order in which they were met; at least one.
    package var links: [Link]
    /// Whether they lead out of a context, not only of the project.
    package var leavesContext = false

    /// The links as a failure that offers to open where they lead.
    package var failure: Failure {
        Failure(.outsideLinks, message, advice: advice, choices: Set(links.map(\.target.string)).sorted())
    }

    private var message: String {
        let rest = links.count > 1 ? " (and \(links.count - 1) more such links)" : ""
        return links.first.map {
            "\(Self.visible($0.path)) is a link that leads out of the \(leavesContext ? "context" : "project"), to \(Self.visible($0.target.string))\(rest)"
        } ?? ""
    }

    private var advice: String {
        let first = links.prefix(3)
        let names = first.map { "\"\(Self.visible($0.path))\"" }.joined(separator: ", ")
        let flags = first.map { "--follow-links '\(Self.visible($0.target.string))'" }.joined(separator: " ")
        let more = links.count > 3 ? " …" : ""
        guard !leavesContext else {
            return """
                remove it, or copy a larger folder with --context
                or, if the build may read what is there: \(flags)\(more)
                """
        }
        return """
            remove it, or leave it out by project.toml, in [io.buildpacks]: exclude = [\(names)\(more)]
            or, if the build may read what is there: \(flags)\(more)
            """
    }

    /// A name of the project's without what a terminal would take for a command.
    private static func visible(_ text: String) -> String {
        String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : $0 })
    }
}
