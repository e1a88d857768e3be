import Files
import MixInspection
import SystemPackage

/// The module by which a project with Ecto runs its migrations in a release, as `mix phx.gen.release` makes it.
enum ReleaseModule {
    /// Its name; `nil` where no file called release.ex of the release's applications defines `migrate`.
    static func find(in copy: FilePath, _ plan: ReleasePlan) -> String? {
        guard plan.dependencyNames.contains("ecto_sql") else { return nil }
        let isUmbrella = plan.project.kind == .umbrella
        let roots = isUmbrella ? plan.project.children(of: plan.chosen.release).map(\.path) : [""]
        return roots.lazy.flatMap { files(in: copy.appending($0).appending("lib"), depth: 3) }
            .compactMap { $0.text.flatMap(module) }.first
    }

    private static func files(in folder: FilePath, depth: Int) -> [FilePath] {
        guard depth > 0 else { return [] }
        return folder.names.flatMap { name -> [FilePath] in
            let path = folder.appending(name)
            return path.isFolder ? files(in: path, depth: depth - 1) : name == "release.ex" ? [path] : []
        }
    }

    private static func module(_ text: String) -> String? {
        guard text.firstMatch(of: /(?m)^\s*def migrate(\(\))?(\s|,)/) != nil else { return nil }
        return text.firstMatch(of: /(?m)^\s*defmodule\s+([A-Z][A-Za-z0-9_.]*)\s+do/).map { String($0.1) }
    }
}
