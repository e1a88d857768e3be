import Diagnostics
import Files
import RunImages
import SystemPackage

/// The packages of another processor that go with the ones of this machine.
package struct ForeignMirror: Sendable {
    package let architecture: DebianArchitecture
    private let apt: PrivateApt
    private let shelf: PackageShelf
    private let cache: FilePath

    /// - Parameter cache: the folder where packages are kept.
    package init(_ apt: PrivateApt, cache: FilePath) {
        self.apt = apt
        architecture = apt.architecture
        self.cache = cache
        shelf = PackageShelf(folder: cache.appending("packages"))
    }

    /// What was found.
    package struct Found: Sendable {
        /// By name.
        package var packages: [String: UnpackedPackage] = [:]
        /// Those that are newer than on this machine.
        package var skews: [VersionSkew] = []
    }

    /// The packages, fetched where they are not kept; the mirror is asked only for those that are not.
    /// - Throws: `Failure` of code `versionConflict` where a version does not fit, of code `fetchFailed` where one cannot be
    ///   had.
    package func packages(for installed: [InstalledPackages.Package]) async throws -> Found {
        var found = Found()
        var asked: [InstalledPackages.Package] = []
        for package in Set(installed).sorted(by: { $0.name < $1.name }) {
            let kept = shelf.all(of: package.name).first {
                $0.record.sourceVersion == package.sourceVersion && $0.record.architecture == architecture.name
            }
            if let kept { found.packages[package.name] = kept } else { asked.append(package) }
        }
        guard !asked.isEmpty else { return found }
        let records = try await apt.records(of: asked.map(\.name))
        var missing: [PackageRecord] = []
        for package in asked {
            let record = try VersionRule.of(package.name).choose(for: package, from: records, architecture)
            if record.sourceVersion != package.sourceVersion {
                found.skews.append(
                    VersionSkew(
                        package: package.name, here: package.version.description, there: record.version.description))
            }
            if let kept = shelf.package(record) { found.packages[package.name] = kept } else { missing.append(record) }
        }
        for package in try await fetched(missing) { found.packages[package.record.name] = package }
        return found
    }

    private func fetched(_ records: [PackageRecord]) async throws -> [UnpackedPackage] {
        guard !records.isEmpty else { return [] }
        HeldFolder.removeAbandoned(in: cache, prefix: "fetch-")
        let scratch = try HeldFolder(in: cache, prefix: "fetch-")
        defer { scratch.remove() }
        let files = try await apt.fetch(records, to: scratch.path)
        let shelf = shelf
        return try await withThrowingTaskGroup(of: UnpackedPackage?.self) { tasks in
            for record in records {
                tasks.addTask { try files[record.name].map { try shelf.add($0, record) } }
            }
            return try await tasks.reduce(into: []) { $0 += [$1].compactMap(\.self) }
        }
    }
}
