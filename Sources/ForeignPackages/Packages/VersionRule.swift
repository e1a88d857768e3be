import Diagnostics
import RunImages

/// Which version of a package for another processor goes with the one that this machine has.
package enum VersionRule: Sendable, Hashable {
    /// The same source: code that is shared by all processors was built with it.
    case same
    /// The same source, or else a newer one.
    case atLeast

    /// Erlang's beams are shared, so its native code must be of the same version; libraries keep to their interfaces.
    package static func of(_ package: String) -> VersionRule { package.hasPrefix("erlang-") ? .same : .atLeast }

    /// The package to take.
    /// - Throws: `Failure` of code `versionConflict` that names both versions and what to do.
    package func choose(
        for installed: InstalledPackages.Package, from records: [PackageRecord], _ architecture: DebianArchitecture
    ) throws(Failure) -> PackageRecord {
        let records = records.filter { $0.name == installed.name }.sorted { $0.version < $1.version }
        guard let newest = records.last else {
            throw Failure(.notFound, "the mirror has no \(installed.name) for \(architecture.name)")
        }
        if let equal = records.last(where: { $0.sourceVersion == installed.sourceVersion }) { return equal }
        if self == .atLeast, newest.sourceVersion > installed.sourceVersion { return newest }
        let isOlder = newest.sourceVersion < installed.sourceVersion
        throw Failure(
            .versionConflict,
            "the mirror has \(installed.name) \(newest.version) for \(architecture.name), this machine has "
                + "\(installed.version)"
                + (self == .same ? "; the versions must be the same, as both images share its compiled code" : ""),
            advice: isOlder
                ? "use a mirror that has \(installed.name) \(installed.version)" : "apt upgrade \(installed.name)",
            choices: [installed.name])
    }
}

/// A package that is newer for the other processor than on this machine.
package struct VersionSkew: Sendable, Hashable, Codable {
    package let package: String
    package let here: String
    package let there: String

    /// All of them in one line; `nil` where there are none.
    package static func notice(_ skews: [VersionSkew], _ architecture: DebianArchitecture) -> String? {
        guard !skews.isEmpty else { return nil }
        let each = skews.sorted { $0.package < $1.package }.map { "\($0.package) \($0.there) (here \($0.here))" }
        return "newer for \(architecture.name) than on this machine: \(each.joined(separator: ", "))"
    }
}
