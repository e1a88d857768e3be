import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SecretSearch
import SystemPackage
import Text

/// Brings the project's cache back to where it was, after a build was refused because of a secret.
///
/// The records are those of before. Of everything else, what holds the value goes: what this build wrote, and what is older.
struct RefusedBuild {
    private let request: BuildRequest
    private let cache: ProjectCache
    private let emit: EventEmitter
    /// When the build began, in nanoseconds.
    private let start: Int64
    private let records: [(file: FilePath, bytes: [UInt8])]

    /// Remembers the records, before a build changes them.
    init(_ request: BuildRequest, _ cache: ProjectCache, _ emit: EventEmitter) {
        (self.request, self.cache, self.emit) = (request, cache, emit)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        start = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        guard !request.secrets.isEmpty else {
            records = []
            return
        }
        let files = cache.records.names.map(cache.records.appending) + [cache.sourceIndex]
        records = files.compactMap { file in (try? file.bytes()).map { (file, $0) } }
    }

    /// Cleans up where a failure is one over a secret; says what cannot be cleaned.
    func clean(after failure: any Error) {
        guard let failure = failure as? Failure, let name = failure.choices.first, let value = request.secrets[name],
            failure.code == .secretFound || failure.code == .ruleBroken
        else { return }
        do {
            let kept = Set(KeptLayers.read(from: cache).compactMap(\.directory).map { FilePath($0) })
            try cache.workspace.remove()
            try restoreRecords()
            try removeHolders(of: SecretScanner(secrets: [name: value]), name, kept)
        } catch {
            emit(.notice("the cache may still hold the value of \(name): \(error); --clear-cache removes it"))
        }
    }

    private func restoreRecords() throws(Failure) {
        try cache.sourceIndex.remove()
        for name in cache.records.names { try cache.records.appending(name).remove() }
        for record in records { try record.file.replace(with: record.bytes) }
    }

    private func removeHolders(of scanner: SecretScanner, _ name: String, _ kept: Set<FilePath>) throws {
        var old: [FilePath] = []
        for top in [cache.layers, cache.buildpacks, cache.volume, cache.scripts, cache.packages, cache.records]
        where top.isFolder {
            let places = try holders(in: top, scanner, kept)
            old += places.filter { (FileStamp(of: $0.file)?.changed ?? .max) < start }.map(\.unit)
            for place in places {
                try place.unit.remove()
                if place.unit.removingLastComponent().removingLastComponent() == cache.layers {
                    try FilePath(place.unit.string + ".toml").remove()
                }
            }
        }
        guard !old.isEmpty else { return }
        let mask = emit.redactor
        let names = Set(old).map { mask.redact(shown($0)) }.sorted()
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        emit(
            .notice(
                "removed from the cache what earlier builds left with the value of \(name): "
                    + names.prefix(3).joined(separator: ", ") + more))
    }

    /// What holds the value, and what goes with it so that the rest can still be used.
    private func holders(
        in top: FilePath, _ scanner: SecretScanner, _ kept: Set<FilePath>
    ) throws -> [(file: FilePath, unit: FilePath)] {
        var found: [(file: FilePath, unit: FilePath)] = []
        try scanner.holders(in: top) { file in
            found.append((file, CacheUnit(of: file, in: cache, kept: kept).path))
        }
        return found
    }

    private func shown(_ path: FilePath) -> String {
        var path = path
        _ = path.removePrefix(cache.directory)
        return path.string.shownFileName
    }
}

/// The smallest part of the cache that can be missing: the next build makes it again.
struct CacheUnit {
    let path: FilePath

    /// - Parameter kept: the folders of layers that a buildpack works in from build to build; files of those can be missing.
    init(of file: FilePath, in cache: ProjectCache, kept: Set<FilePath>) {
        let names = file.components.map(\.string)
        // mix knows the compiled code of an application as a whole: _build/prod/lib/app.
        if let build = names.lastIndex(of: "_build"), names.count > build + 4, names[build + 2] == "lib" {
            path = Self.prefix(of: file, build + 4)
            return
        }
        let depth = cache.layers.components.count + 2
        let isInLayer = file.starts(with: cache.layers) && names.count >= depth
        let layer = Self.prefix(of: file, depth)
        path = isInLayer && !kept.contains(layer) ? layer : file
    }

    private static func prefix(of file: FilePath, _ count: Int) -> FilePath {
        FilePath(root: "/", file.components.prefix(count))
    }
}
