import Files
import FoundationEssentials
import SystemPackage

/// How many seconds each dependency took when this machine last compiled it, by name; safe to delete.
struct DependencyTimes: Sendable {
    let file: FilePath

    /// More are forgotten at once: a project that is left takes its dependencies with it.
    private static let most = 2000

    /// What is known; nothing where it cannot be read.
    func all() -> [String: Double] {
        guard let bytes = try? file.bytes(limit: 1 << 20) else { return [:] }
        return (try? JSONDecoder().decode([String: Double].self, from: Data(bytes))) ?? [:]
    }

    /// Keeps what was seen; what cannot be kept is only a guess less.
    func add(_ seen: [String: Double]) {
        guard !seen.isEmpty else { return }
        var times = all().merging(seen) { $1 }
        if times.count > Self.most { times = seen }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let bytes = try? encoder.encode(times.mapValues { ($0 * 1000).rounded() / 1000 }) else { return }
        try? file.replace(with: Array(bytes))
    }
}
