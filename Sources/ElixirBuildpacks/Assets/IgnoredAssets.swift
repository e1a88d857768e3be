import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

/// Folders of `priv/static` that git ignores, because a build is meant to fill them.
struct IgnoredAssets {
    let project: MixProject
    /// The project's own folder, with its .gitignore.
    let folder: FilePath

    private static let places = ["priv/static", "priv/static/assets", "priv/static/js", "priv/static/css"]

    /// What is wrong with a release: a warning for each application whose assets nothing built.
    func findings(in release: FilePath) -> [Diagnostic] {
        let libraries = release.appending("lib")
        let own = project.app.map { [(name: $0, path: "")] } ?? []
        return (own + project.children.map { ($0.name, $0.path + "/") }).compactMap { name, path in
            guard hasSources(path), let library = libraries.names.first(where: { $0.hasPrefix("\(name)-") }) else {
                return nil
            }
            return finding(path, in: libraries.appending(library))
        }
    }

    private func finding(_ path: String, in library: FilePath) -> Diagnostic? {
        for place in Self.places {
            guard let rule = rule(for: place, path), isEmpty(library.appending(place)) else { continue }
            return Diagnostic(
                .warning, "\(path)\(place) is empty in the release, and git ignores it: nothing built the assets",
                file: rule.file, line: rule.line,
                advice: "give mix.exs the alias assets.deploy, package.json a script deploy or build, "
                    + "or project.toml the commands: [mixpack.assets]")
        }
        return nil
    }

    /// An API has the same .gitignore, but nothing to build.
    private func hasSources(_ path: String) -> Bool {
        !folder.appending("\(path)assets").names.isEmpty || folder.appending("\(path)package.json").leadsSomewhere
    }

    private func isEmpty(_ place: FilePath) -> Bool {
        place.names.allSatisfy { name in
            let inner = place.appending(name)
            return inner.isFolder && isEmpty(inner)
        }
    }

    /// The line that makes git ignore a place: of the .gitignore beside the application, or of the project's.
    private func rule(for place: String, _ path: String) -> (file: String, line: Int)? {
        let files = path.isEmpty ? [("", place)] : [(path, place), ("", path + place)]
        return files.lazy.compactMap { folder, place in
            line(of: "\(folder).gitignore", ignoring: place).map { ("\(folder).gitignore", $0) }
        }.first
    }

    private func line(of file: String, ignoring place: String) -> Int? {
        let lines = (folder.appending(file).text ?? "").split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let rules = lines.enumerated().compactMap { index, line in
            IgnorePattern(String(line)).map { (line: index + 1, rule: $0) }
        }
        let last = rules.last { rule in
            rule.rule.matches(place, isFolder: true) || rule.rule.matches("\(place)/any", isFolder: false)
        }
        return last.flatMap { $0.rule.isNegated ? nil : $0.line }
    }
}
