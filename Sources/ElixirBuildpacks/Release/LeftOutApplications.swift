import Diagnostics
import Files
import MixInspection
import SystemPackage

/// Applications that were compiled and are not in the release, though the project's code calls them.
///
/// The compiler says nothing of a dependency with `runtime: false`: the first call fails in the running container.
struct LeftOutApplications {
    /// More bytes than any module has.
    private static let limit = 32 << 20

    let project: MixProject
    /// The folder of the compiled applications, `_build/prod/lib`.
    let compiled: FilePath
    /// The project's sources.
    let sources: FilePath

    /// A warning for each application that is missing, at the module that calls it.
    func findings(in release: FilePath) -> [Diagnostic] {
        let present = Set(
            release.appending("lib").names.compactMap { AssembledRelease.Application(folder: $0)?.name })
        let owners = owners(of: compiled.names.filter { !present.contains($0) })
        guard !owners.isEmpty else { return [] }
        var told: Set<String> = []
        return own.filter { present.contains($0.name) }.flatMap { application in
            modules(of: application.name).flatMap { module, file in
                calls(from: file, into: owners).compactMap { call, owner in
                    guard told.insert(owner).inserted else { return nil }
                    return finding(module, call, owner, application.path)
                }
            }
        }
    }

    private var own: [(name: String, path: String)] {
        (project.app.map { [($0, "")] } ?? []) + project.children.map { ($0.name, $0.path) }
    }

    /// The application of each module that is not in the release.
    private func owners(of applications: [String]) -> [String: String] {
        let pairs = applications.flatMap { name in modules(of: name).map { ($0.module, name) } }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func modules(of application: String) -> [(module: String, file: FilePath)] {
        let folder = compiled.appending(application).appending("ebin")
        return folder.names.filter { $0.hasSuffix(".beam") }.map { (String($0.dropLast(5)), folder.appending($0)) }
    }

    /// Calls of another application; tasks of mix run on the developer's machine only.
    private func calls(
        from file: FilePath, into owners: [String: String]
    ) -> [(call: BeamImports.Function, owner: String)] {
        guard file.lastComponent?.string.hasPrefix("Elixir.Mix.Tasks.") != true,
            let bytes = try? file.bytes(limit: Self.limit)
        else { return [] }
        return BeamImports(bytes).functions.compactMap { call in owners[call.module].map { (call, $0) } }
    }

    private func finding(
        _ module: String, _ call: BeamImports.Function, _ application: String, _ path: String
    ) -> Diagnostic {
        let place = place(of: Self.shown(module), in: path)
        let isChild = project.children.contains { $0.name == application }
        return Diagnostic(
            .warning,
            "\(Self.shown(module)) calls \(Self.shown(call.module)).\(call.name)/\(call.arity), "
                + "and its application :\(application) is not in the release",
            file: place?.file, line: place?.line,
            advice: isChild
                ? "add {:\(application), in_umbrella: true} to deps in mix.exs"
                : "remove runtime: false from :\(application) in mix.exs")
    }

    private static func shown(_ module: String) -> String {
        module.hasPrefix("Elixir.") ? String(module.dropFirst(7)) : ":\(module)"
    }

    /// Where the module is defined, if that is plain to see.
    private func place(of module: String, in path: String) -> Place? {
        let folder = path.isEmpty ? "lib" : "\(path)/lib"
        return files(folder).lazy.compactMap { file -> Place? in
            let lines = (sources.appending(file).text ?? "").split(omittingEmptySubsequences: false) { $0.isNewline }
            let index = lines.firstIndex { line in
                let words = line.split(separator: " ")
                return words.count > 2 && words[0] == "defmodule" && words[1] == module[...]
            }
            return index.map { Place(file, line: $0 + 1) }
        }.first
    }

    private func files(_ folder: String) -> [String] {
        sources.appending(folder).names.flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            switch sources.appending(path).kind {
            case .folder: return files(path)
            case .file: return name.hasSuffix(".ex") ? [path] : []
            case .link, .missing, .other: return []
            }
        }
    }
}
