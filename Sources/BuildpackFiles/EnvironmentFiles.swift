import BuildpackAPI
import Files
import SystemPackage

/// Writes a layer's rules as the files that launchers and other lifecycles read
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules)).
package struct EnvironmentFiles {
    private let layer: FilePath

    package init(layer: FilePath) { self.layer = layer }

    /// Writes one file a rule, and one for its delimiter where it has one.
    package func write(_ rules: [EnvironmentRule]) throws {
        for rule in rules {
            let folder = folder(of: rule.scope)
            try folder.appending("\(rule.name).\(rule.action.rawValue)").writeText(rule.value)
            guard !rule.delimiter.isEmpty else { continue }
            try folder.appending("\(rule.name).delim").writeText(rule.delimiter)
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

extension FilePath {
    /// Writes a file that other programs read, and the folders above it where they are missing.
    /// - Throws: `Failure` of code `unwritable`.
    func writeText(_ text: String) throws {
        try removingLastComponent().makeFolders(mode: 0o755)
        try replace(with: text.utf8, mode: [.ownerReadWrite, .groupRead, .otherRead])
    }
}
