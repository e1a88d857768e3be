import BuildpackAPI
import SystemPackage

/// Writes a layer's rules as the files that launchers and other lifecycles read (specification, "Environment Variables").
struct EnvironmentFiles {
    let layer: FilePath

    /// Writes one file a rule, and one for its delimiter where it has one.
    func write(_ rules: [EnvironmentRule]) throws {
        for rule in rules {
            let folder = folder(of: rule.scope)
            try folder.makeDirectories()
            try folder.appending("\(rule.name).\(rule.action.rawValue)").replaceFile(with: Array(rule.value.utf8))
            guard !rule.delimiter.isEmpty else { continue }
            try folder.appending("\(rule.name).delim").replaceFile(with: Array(rule.delimiter.utf8))
        }
    }

    private func folder(of scope: EnvironmentRule.Scope) -> FilePath {
        switch scope {
        case .all: layer.appending("env")
        case .build: layer.appending("env.build")
        case .launch: layer.appending("env.launch")
        case .process(let type): layer.appending("env.launch").appending(type)
        }
    }
}
