import Files
import SystemPackage

/// A folder around a project that is copied with it, so that the build has what the project needs from there.
package struct SourceContext: Sendable, Hashable {
    /// Absolute, links followed.
    package let folder: FilePath
    /// The project's folder, relative to it: `services/web`.
    package let path: String
    /// Patterns of what stays out of it, besides what the project leaves out of itself; as in a .gitignore file.
    package var exclusions: [IgnorePattern] = []

    /// - Returns: `nil` if the project is the folder itself, or not in it.
    package init?(_ folder: FilePath, around project: FilePath) {
        let (folder, project) = (folder.realPath ?? folder, project.realPath ?? project)
        var rest = project
        guard rest.removePrefix(folder), !rest.isEmpty else { return nil }
        self.folder = folder
        path = rest.string
    }

    /// A path relative to the context as the user types it in the project's folder.
    package func fromProject(_ path: String) -> String { Self.fromProject(path, project: self.path) }

    /// A path relative to the copied folder as one relative to the project's folder in it.
    package static func fromProject(_ path: String, project: String) -> String {
        let own = project.split(separator: "/")
        let parts = path.split(separator: "/")
        let common = zip(own, parts).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: own.count - common) + parts.dropFirst(common)).joined(separator: "/")
    }

    /// Whether a folder of the context, outside the project, is left out: an editor's, or one that mix's tasks make.
    func isUsuallyLeftOut(_ name: String, _ path: String) -> Bool {
        let isMeant =
            SourceSelection.isOfEditor(name)
            || SourceSelection.made.contains(name) && isMixProject(path.dropLast(name.utf8.count))
        return isMeant && IgnorePattern.decision(exclusions, path, isFolder: true) != false
    }

    /// Whether a folder of the context has a mix project in it.
    func isMixProject(_ path: Substring) -> Bool {
        folder.appending(String(path)).appending("mix.exs").leadsSomewhere
    }
}
