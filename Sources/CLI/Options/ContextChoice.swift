import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

/// The folder around a project that is copied with it.
///
/// Only the user names one: with a flag, in config.toml, in the console.
struct ContextChoice: Sendable {
    /// What `--context` or the console names.
    var named: FilePath?
    /// Whether a child of an umbrella is built alone (`--child`): its umbrella is the context.
    var isChildAlone = false
    /// The folders of config.toml: each counts for the projects in it.
    var kept: [FilePath] = []
    var home: FilePath?

    /// The context of a project; `nil` copies the project alone.
    /// - Throws: `Failure` of code `usage` for a folder that cannot be the project's context.
    func context(of project: FilePath) throws(Failure) -> SourceContext? {
        if named == nil, isChildAlone { return try umbrella(of: project) }
        guard let named else { return configured(for: project) }
        guard let folder = named.realPath, folder.isFolder else {
            throw Failure(
                .usage, "--context \(named): no such folder", advice: "name a folder that has the project in it")
        }
        guard let real = project.realPath, real != folder else { return nil }
        guard !hasHome(folder) else {
            throw Failure(
                .usage, "--context \(named) has your home folder in it",
                advice: "move the project and what it needs into one folder, and name that")
        }
        guard let context = SourceContext(folder, around: real) else {
            throw Failure(
                .usage, "--context \(named) does not contain the project \(project)",
                advice: "name a folder that has the project in it, and the project with --path")
        }
        return context
    }

    private func umbrella(of project: FilePath) throws(Failure) -> SourceContext? {
        guard let umbrella = MixInspector.umbrella(of: project) else {
            throw Failure(
                .usage, "--child: \(project) is not a child of an umbrella",
                advice: "name the child's folder with --path, or build without --child")
        }
        return SourceContext(umbrella, around: project)
    }

    private func hasHome(_ folder: FilePath) -> Bool {
        folder.components.isEmpty || home.map { ($0.realPath ?? $0).starts(with: folder) } == true
    }

    /// The innermost folder of config.toml that has the project in it.
    func configured(for project: FilePath) -> SourceContext? {
        kept.compactMap { SourceContext($0, around: project) }
            .max { $0.folder.components.count < $1.folder.components.count }
    }
}
