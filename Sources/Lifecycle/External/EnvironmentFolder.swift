import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage

/// A folder of rules for variables: one file a rule, `NAME.action`
/// ([buildpack specification](https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules)).
struct EnvironmentFolder {
    let path: FilePath
    let api: APIVersion
    /// Links are followed as long as they stay in here.
    let root: FilePath
    /// What a file without a suffix asks for; `nil` is what the buildpack's API says.
    var plainAction: EnvironmentRule.Action?

    /// The rules, in the order in which they are applied: by the names of their files.
    /// - Throws: `Failure` for a link that leaves the layers, and for what cannot be read.
    func rules(scope: EnvironmentRule.Scope) throws -> [EnvironmentRule] {
        guard let folder = try inside(path), folder.isFolder else { return [] }
        return try folder.names.compactMap { try rule(named: $0, in: folder, scope) }
    }

    private func rule(
        named name: String, in folder: FilePath, _ scope: EnvironmentRule.Scope
    ) throws -> EnvironmentRule? {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let variable = parts.first.map(String.init), !variable.isEmpty else { return nil }
        let suffix = parts.count == 2 ? String(parts[1]) : nil
        guard let action = action(suffix), let value = try text(of: folder.appending(name)) else { return nil }
        let delimiter = try text(of: folder.appending(variable + ".delim"))
        let standard = suffix == nil && api < APIVersion(0, 5) ? ":" : ""
        return EnvironmentRule(
            variable, value, action: action, delimiter: delimiter ?? standard, scope: scope)
    }

    /// What a suffix asks for; `nil` for one that says nothing by itself, such as `delim`.
    private func action(_ suffix: String?) -> EnvironmentRule.Action? {
        guard let suffix else { return plainAction ?? (api < APIVersion(0, 5) ? .prepend : .override) }
        return EnvironmentRule.Action(rawValue: suffix)
    }

    /// A file's text, byte for byte; `nil` for a folder and for what is not there.
    private func text(of file: FilePath) throws -> String? {
        guard let file = try inside(file), !file.isFolder else { return nil }
        return try ContractFile.bytes(of: file).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The path with links resolved; `nil` where nothing is there.
    private func inside(_ path: FilePath) throws -> FilePath? {
        guard path.kind != .missing else { return nil }
        guard let real = path.realPath, let top = root.realPath else { return nil }
        guard real.starts(with: top) else {
            throw Failure(.malformed, "\(path.lastComponent?.string ?? path.string) is a link that leaves the layers")
        }
        return real
    }
}
