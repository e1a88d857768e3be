import Diagnostics
import Files
import RunImages
import SystemPackage

/// Which package of this machine a file comes from, as dpkg's own files say: nothing is started.
package struct InstalledPackages: Sendable {
    /// An installed package.
    package struct Package: Sendable, Hashable {
        package let name: String
        package let version: PackageVersion
        /// The version of its source.
        package let sourceVersion: PackageVersion
        package let architecture: String

        /// Whether it is the same for all processors.
        package var isPortable: Bool { architecture == "all" }
    }

    private let folder: FilePath
    private let packages: [String: [Package]]
    private let diversions: [Diversion]

    /// A file that one package has moved away to put its own there.
    private struct Diversion: Sendable {
        let from: String
        let to: String
        let package: String
    }

    /// Reads dpkg's folder.
    /// - Throws: `Failure` of code `unsupported` where it has no list of packages.
    package init(folder: FilePath = "/var/lib/dpkg") throws(Failure) {
        guard let status = folder.appending("status").text else {
            throw Failure(
                .unsupported, "dpkg did not install this machine: \(folder) has no list of packages",
                advice: AptMachine.otherWays)
        }
        self.folder = folder
        let all = DebianPackage.all(in: status).map { package in
            let version = PackageVersion(package.version)
            return Package(
                name: package.name, version: version,
                sourceVersion: PackageRecord.sourceVersion(package.source, of: version),
                architecture: package.architecture)
        }
        packages = Dictionary(grouping: all, by: \.name)
        let lines = (folder.appending("diversions").text ?? "").split(separator: "\n").map(String.init)
        diversions = stride(from: 0, to: lines.count - 2, by: 3).map {
            Diversion(from: lines[$0], to: lines[$0 + 1], package: lines[$0 + 2])
        }
    }

    /// An installed package, by its name.
    package func package(named name: String) -> Package? { packages[name]?.first }

    /// The packages that files and links come from, by path; a path with no owner is left out.
    /// - Parameter likely: how the names of packages begin that are looked at first, and alone where they have all.
    package func owners(of paths: some Sequence<String>, likely: String = "") -> [String: Package] {
        var wanted: [String: [Claim]] = [:]
        let paths = Set(paths)
        for path in paths {
            for claim in claims(to: path) { wanted[claim.listed, default: []].append(claim) }
        }
        let lines = WantedLines(Set(wanted.keys))
        var owners: [String: Package] = [:]
        let lists = folder.appending("info")
        let names = lists.names.filter { $0.hasSuffix(".list") }
        for list in names.filter({ $0.hasPrefix(likely) }) + names.filter({ !$0.hasPrefix(likely) }) {
            if owners.count == paths.count { break }
            guard let bytes = try? lists.appending(list).bytes(), let package = package(listedIn: list) else {
                continue
            }
            for line in lines.all(in: bytes) {
                for claim in wanted[line] ?? [] where claim.isOf(package.name) && owners[claim.path] == nil {
                    owners[claim.path] = package
                }
            }
        }
        return owners
    }

    /// A line of a package's list that makes a path its own.
    private struct Claim {
        let path: String
        let listed: String
        var onlyPackage: String?
        var notPackage: String?

        func isOf(_ name: String) -> Bool { (onlyPackage ?? name) == name && notPackage != name }
    }

    private func claims(to path: String) -> [Claim] {
        PackageDatabase.aliases(of: path).flatMap { listed -> [Claim] in
            let moved = diversions.filter { $0.to == listed }.map {
                Claim(path: path, listed: $0.from, notPackage: $0.package)
            }
            let taking = diversions.first { $0.from == listed }?.package
            return moved + [Claim(path: path, listed: listed, onlyPackage: taking)]
        }
    }

    /// The package of a list, such as `libc6:amd64.list`.
    private func package(listedIn list: String) -> Package? {
        let parts = list.dropLast(".list".count).split(separator: ":")
        guard let name = parts.first, let known = packages[String(name)] else { return nil }
        return known.first { parts.count < 2 || $0.architecture == parts[1] }
    }
}
