import Files
import MixInspection
import SystemPackage
import Toolchains

/// Splits a release into layers by how often their content changes: `base`, `base-native`, `deps`, `release`.
///
/// The runtime and all applications of the toolchain go into `base`, but for their native code, which goes into
/// `base-native` (`NativeCode`); the dependencies into `deps`; `release` keeps the project's own applications, `bin`,
/// `releases`, and links to the rest. `erl` resolves the links, so that OTP's root is `base`: everything of OTP must be
/// there, or the release does not boot.
struct ReleaseLayers {
    /// The layers' names in the specification's order, which is their order of change.
    static let names = [base, native, deps, release]
    /// Those that have folders of applications; `native` only has files of applications that are in `base`.
    static let applicationNames = [base, deps, release]
    static let base = "base"
    static let native = "base-native"
    static let deps = "deps"
    static let release = "release"

    let toolchain: Toolchain
    let dependencies: Set<String>

    /// Moves a release's parts into the layers' folders; a layer that is the same as before stays as it is.
    /// - Parameters:
    ///   - release: the release, in a folder that takes its parts beside it.
    ///   - layers: the buildpack's layers folder.
    func split(_ release: AssembledRelease, into layers: FilePath) throws {
        let parts = release.directory.removingLastComponent().appending("parts")
        try parts.remove()
        let base = parts.appending(Self.base)
        for name in [Self.base, Self.deps] { try parts.appending(name).appending("lib").makeFolders() }
        try moveRuntime(of: release, to: base)
        try moveLibraries(of: release, to: parts)
        try parts.appending(Self.native).makeFolders()
        try NativeCode(layer: base, native: parts.appending(Self.native)).move()
        try release.directory.move(to: parts.appending(Self.release))
        try replaceLayers(in: layers, with: parts)
    }

    /// Puts all that differ in place at the end, when each is whole.
    private func replaceLayers(in layers: FilePath, with parts: FilePath) throws {
        let fresh = layers.appending(".fresh")
        try fresh.remove()
        try fresh.makeFolders()
        let changed = Self.names.filter { !parts.appending($0).isSameTree(as: layers.appending($0)) }
        for name in changed { try parts.appending(name).moveOrCopy(to: fresh.appending(name)) }
        try Self.retire(changed, in: layers)
        for name in changed { try fresh.appending(name).move(to: layers.appending(name)) }
        try fresh.remove()
    }

    /// Takes layers out of their places, for `removeOld(in:)` to remove.
    static func retire(_ names: [String] = names, in layers: FilePath) throws {
        let there = names.filter { layers.appending($0).leadsSomewhere }
        guard !there.isEmpty else { return }
        let old = layers.appending(".old-\(UInt64.random(in: .min ... .max))")
        try old.makeFolders()
        for name in there { try layers.appending(name).move(to: old.appending(name)) }
    }

    /// Removes what earlier splits replaced; takes a while, so it runs beside something slower.
    static func removeOld(in layers: FilePath) {
        for name in layers.names where name.hasPrefix(".old-") { try? layers.appending(name).remove() }
    }

    private func moveRuntime(of release: AssembledRelease, to base: FilePath) throws {
        let name = "erts-" + release.ertsVersion
        guard release.runtimeDirectory.leadsSomewhere else { return }
        try release.runtimeDirectory.move(to: base.appending(name))
        try release.runtimeDirectory.makeLink(to: "../\(Self.base)/\(name)")
    }

    /// Moves the applications; those that the release does not list are there for other releases, and get no link.
    private func moveLibraries(of release: AssembledRelease, to fresh: FilePath) throws {
        let libraries = release.directory.appending("lib")
        let listed = Set(release.applications.map(\.folder))
        for folder in libraries.names {
            guard let application = AssembledRelease.Application(folder: folder), let layer = layer(of: application)
            else { continue }
            let place = libraries.appending(folder)
            try place.move(to: fresh.appending(layer).appending("lib").appending(folder))
            if listed.contains(folder) { try place.makeLink(to: "../../\(layer)/lib/\(folder)") }
        }
    }

    /// The layer that an application goes into; `nil` leaves it in the release's own.
    func layer(of application: AssembledRelease.Application) -> String? {
        if isOfToolchain(application) { return Self.base }
        return dependencies.contains(application.name) ? Self.deps : nil
    }

    private func isOfToolchain(_ application: AssembledRelease.Application) -> Bool {
        let otp = toolchain.erlangRoot.appending("lib").appending(application.folder)
        if otp.leadsSomewhere { return true }
        let elixir = toolchain.elixirRoot.appending("lib").appending(application.name)
        return application.version == toolchain.elixirVersion && elixir.leadsSomewhere
    }
}
