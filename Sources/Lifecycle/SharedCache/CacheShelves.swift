import Files
import OCIImage
import SystemPackage

/// Where a machine keeps what other machines can use, by names that hold no path of it.
///
/// `answers/KEY/ENTRY` is what an inspection found, `dependencies/KEY/ENTRY` a compiled dependency, `fetched/KEY` a package as
/// Hex unpacked it, `toolchains/NAME` an Erlang or Elixir that was fetched, `helpers/NAME` what was made for a toolchain, and
/// `layers/FILE` what buildpacks of others want to have again.
package struct CacheShelves: Sendable {
    /// What an entry is.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case answers, dependencies, fetched, toolchains, helpers, layers
    }

    /// The folder of all caches.
    let root: FilePath
    /// The project whose layers are kept; without one there are none.
    let project: ProjectCache?

    package init(root: FilePath, project: ProjectCache? = nil) {
        self.root = root
        self.project = project
    }

    /// The kind of an entry; `nil` if nothing of this machine may have that name.
    package static func kind(of name: String) -> Kind? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard let kind = parts.first.flatMap({ Kind(rawValue: String($0)) }) else { return nil }
        let rest = parts.dropFirst()
        let isRight =
            switch kind {
            case .answers, .dependencies: rest.count == 2 && rest.allSatisfy(isDigest)
            case .fetched: rest.count == 1 && rest.allSatisfy(isDigest)
            case .toolchains: rest.count == 1 && rest.allSatisfy(isPlain)
            case .helpers: rest.count == 1 && rest.allSatisfy(isHelper)
            case .layers:
                rest.count == 1
                    && rest.allSatisfy { $0 == CacheMetadata.fileName || isLayer($0) }
            }
        return isRight ? kind : nil
    }

    /// Where an entry is on this machine.
    func place(of name: String) -> FilePath? {
        guard let kind = Self.kind(of: name) else { return nil }
        let parts = name.split(separator: "/").dropFirst().map(String.init)
        switch kind {
        case .answers, .dependencies, .fetched, .toolchains, .helpers:
            return parts.reduce(root.appending(kind.rawValue)) { $0.appending($1) }
        case .layers: return project.map { $0.volume.appending("committed").appending(parts[0]) }
        }
    }

    /// Everything that is here: what all projects share, and the project's layers.
    package func all() -> [String] {
        let toolchains = names(.toolchains).filter { place(of: $0)?.kind == .folder }
        let shared = entries(.answers) + entries(.dependencies) + names(.fetched) + toolchains + names(.helpers)
        return (shared + layers()).filter { Self.kind(of: $0) != nil }.sorted()
    }

    private func names(_ kind: Kind) -> [String] {
        root.appending(kind.rawValue).names.map { "\(kind.rawValue)/\($0)" }
    }

    private func entries(_ kind: Kind) -> [String] {
        names(kind).flatMap { key in root.appending(key).names.map { "\(key)/\($0)" } }
    }

    /// What buildpacks of others keep for the project.
    func layers() -> [String] {
        guard let project else { return [] }
        return project.volume.appending("committed").names.map { "layers/\($0)" }
            .filter { Self.kind(of: $0) != nil }.sorted()
    }

    private static func isDigest(_ word: Substring) -> Bool {
        word.utf8.count == 64 && word.allSatisfy { "0123456789abcdef".contains($0) }
    }

    private static func isLayer(_ word: Substring) -> Bool {
        word.hasPrefix("sha256:") && word.hasSuffix(".tar") && isDigest(word.dropFirst(7).dropLast(4))
    }

    /// `helper-`, `beams-` or `hex-` and a key.
    private static func isHelper(_ word: Substring) -> Bool {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && ["helper", "beams", "hex"].contains(parts[0]) && parts[1].utf8.count == 16
            && parts[1].allSatisfy { "0123456789abcdef".contains($0) }
    }

    private static func isPlain(_ word: Substring) -> Bool {
        word.first.map { $0.isASCII && $0.isLetter } == true
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_+".contains($0)) }
    }
}
