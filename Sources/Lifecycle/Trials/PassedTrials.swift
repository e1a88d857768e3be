import Files
import FoundationEssentials
import SystemPackage

/// The quick trials that went well, by name, each under the hash of what it depends on.
struct PassedTrials: Codable {
    var keys: [String: String] = [:]

    static func read(from cache: ProjectCache) -> PassedTrials {
        guard let bytes = try? file(in: cache).bytes() else { return PassedTrials() }
        return (try? JSONDecoder().decode(PassedTrials.self, from: Data(bytes))) ?? PassedTrials()
    }

    func write(to cache: ProjectCache) throws {
        try Self.file(in: cache).replace(with: Array(try JSONEncoder().encode(self)))
    }

    private static func file(in cache: ProjectCache) -> FilePath { cache.records.appending("trials.json") }
}
