import Diagnostics
import Digests
import Files
import FoundationEssentials
import SystemPackage

/// Remembers what a project's code asked git, so that the same questions can be asked again.
package struct GitMemory: Sendable {
    let file: FilePath
    private let keyFile: FilePath

    private static let largest = 16 << 20

    /// - Parameter folder: of the project's cache; the key of the hashes is there too, from the first answer on.
    package init(folder: FilePath) {
        file = folder.appending("git.json")
        keyFile = folder.appending("git.key")
    }

    /// What hashes answers.
    func hash() throws(Failure) -> KeyedHash { try KeyedHash(keyFile: keyFile) }

    /// What is remembered; nothing if the file is missing or damaged.
    package func load() -> GitRecord {
        guard let bytes = try? file.bytes(limit: Self.largest) else { return GitRecord() }
        return (try? JSONDecoder().decode(GitRecord.self, from: Data(bytes))) ?? GitRecord()
    }

    package func save(_ record: GitRecord) throws(Failure) {
        guard let data = try? JSONEncoder().encode(record) else { return }
        try file.replace(with: Array(data))
    }

    /// Whether git gives these answers today.
    /// - Throws: `CancellationError`.
    package func isCurrent(_ record: GitRecord, _ reader: GitReader?) async throws -> Bool {
        try await hashes(of: record, reader) == record.entries.map(\.hash)
    }

    /// What tells today's answers to the remembered questions from others: the record's token if none has changed.
    /// - Throws: `CancellationError`.
    package func token(_ record: GitRecord, _ reader: GitReader?, _ repository: GitFolder?) async throws -> String {
        let files = record.files == nil ? nil : try filesHash(repository)
        let hashes = try await hashes(of: record, reader)
        guard hashes != record.entries.map(\.hash) || files != record.files else { return record.token }
        let questions = record.entries.map { "\($0.question.folder) \($0.question.arguments)" }
        return try hash().hex(of: ([record.token, files ?? ""] + questions + hashes).joined(separator: "\n"))
    }

    /// A hash of the files that say what is checked out.
    package func filesHash(_ repository: GitFolder?) throws(Failure) -> String {
        try hash().hex(of: RepositoryFiles(repository).digest)
    }

    private func hashes(of record: GitRecord, _ reader: GitReader?) async throws -> [String] {
        guard !record.entries.isEmpty else { return [] }
        let hash = try hash()
        var hashes: [String] = []
        for entry in record.entries {
            guard let reader else { return [] }
            hashes.append(try await reader.answer(entry.question).hash(hash))
        }
        return hashes
    }
}
