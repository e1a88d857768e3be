import Files
import FoundationEssentials
import SystemPackage

/// Finds what makes the assets where no alias `assets.deploy` says it: scripts of package.json, and `phx.digest`.
struct AssetSteps {
    let assembly: ProjectAssembly

    private static let alias = "assets.deploy"
    /// Packages that serve pages: only beside these does a package.json in the application's own folder count, because
    /// elsewhere it belongs to documents or tests.
    private static let web: Set<String> = [
        "phoenix", "phoenix_html", "phoenix_live_view", "plug", "plug_cowboy", "bandit",
    ]
    private static let scripts = ["deploy", "build"]

    /// The steps in order, the scripts of an application before its digest.
    var all: [AssetStep] {
        // An alias at the root is for the whole project, and one that cannot be read may be there.
        guard !hasAlias(assembly.own) else { return [] }
        return assembly.all.filter { !hasAlias($0) }.flatMap(steps)
    }

    private func hasAlias(_ facts: ProjectFacts) -> Bool {
        facts.aliases.contains(Self.alias) || facts.unknowns.contains("aliases")
    }

    private func steps(of facts: ProjectFacts) -> [AssetStep] {
        let scripts = scripts(of: facts)
        return scripts + [digest(of: facts, isAfterScripts: !scripts.isEmpty)].compactMap(\.self)
    }

    // MARK: - Scripts

    private func scripts(of facts: ProjectFacts) -> [AssetStep] {
        let folders = [facts.path("assets")] + (servesPages(facts) ? [facts.folder] : [])
        return folders.lazy.map { scripts(in: $0, of: facts) }.first { !$0.isEmpty } ?? []
    }

    /// An umbrella's root has no dependencies of its own, so its children decide; if one of them has the alias, the root
    /// is not for assets.
    private func servesPages(_ facts: ProjectFacts) -> Bool {
        guard facts.appsPath != nil else { return names(of: facts, areAny: Self.web) }
        let children = assembly.children
        return children.contains { names(of: $0, areAny: Self.web) } && !children.contains(where: hasAlias)
    }

    private func names(of facts: ProjectFacts, areAny names: Set<String>) -> Bool {
        facts.dependencies.contains { names.contains($0.name) }
    }

    private func scripts(in folder: String, of facts: ProjectFacts) -> [AssetStep] {
        let place = folder == "." ? assembly.root : assembly.root.appending(folder)
        let package = folder == "." ? "package.json" : "\(folder)/package.json"
        let manager = NodeManager(in: place)
        let lock = manager.lockFile(in: place).map { ", and \($0) is \(manager.rawValue)'s" } ?? ""
        return Self.chosen(of: Self.scripts(of: place)).map { name in
            AssetStep(
                kind: .script, application: facts.folder, folder: folder,
                command: manager.running(name).joined(separator: " "),
                reason: "\(package) has the script \(name)\(lock)")
        }
    }

    /// The script that makes everything; without one, all those that make a part each (`deploy:js`, `deploy:css`).
    private static func chosen(of scripts: [String]) -> [String] {
        if let whole = self.scripts.first(where: scripts.contains) { return [whole] }
        let parts = self.scripts.lazy.map { name in
            scripts.filter { script in
                let words = script.split(separator: ":")
                return words.count == 2 && words[0] == name && !notParts.contains(String(words[1]))
            }
        }
        return parts.first { !$0.isEmpty } ?? []
    }

    /// What follows the colon in scripts for development.
    private static let notParts: Set<String> = ["dev", "development", "watch", "test", "analyze", "stats", "storybook"]

    /// The scripts of a folder's package.json that do something, in the order of the file.
    private static func scripts(of folder: FilePath) -> [String] {
        struct Package: Decodable { var scripts: [String: String]? }
        guard let bytes = try? ProjectFile.bytes(folder.appending("package.json")),
            let package = try? JSONDecoder().decode(Package.self, from: Data(bytes))
        else { return [] }
        let text = String(decoding: bytes, as: UTF8.self)
        let names = (package.scripts ?? [:]).filter { !$0.value.isEmpty }.keys.sorted()
        let places = names.map { text.firstRange(of: "\"\($0)\"")?.lowerBound ?? text.endIndex }
        return zip(places, names).sorted { $0 < $1 }.map(\.1)
    }

    // MARK: - The digest

    private func digest(of facts: ProjectFacts, isAfterScripts: Bool) -> AssetStep? {
        guard names(of: facts, areAny: ["phoenix", "phoenix_live_view"]) else { return nil }
        let reason: String
        if isAfterScripts {
            reason = "a Phoenix project without the alias \(Self.alias)"
        } else if let mention = missingManifest(of: facts) {
            reason = "\(mention.file):\(mention.line) names \(mention.path)"
        } else {
            return nil
        }
        return AssetStep(
            kind: .digest, application: facts.folder, folder: facts.folder, command: "mix phx.digest", reason: reason)
    }

    /// The manifest that the configuration names, if the project has files for it but not the manifest.
    private func missingManifest(of facts: ProjectFacts) -> CacheManifest.Mention? {
        CacheManifest(project: assembly.root, configFolder: assembly.own.configFolder).mentions.first { mention in
            let file = assembly.root.appending(facts.path(mention.path))
            return file.removingLastComponent().isFolder && !file.leadsSomewhere
        }
    }
}
