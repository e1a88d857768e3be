import BuildpackAPI
import Diagnostics
import Digests
import Files
import OCIImage
import SecretSearch
import SystemPackage

/// Secrets that cannot be looked for in an image: what is found might not be the secret.
struct UncheckableSecrets {
    /// Why, by name.
    fileprivate(set) var reasons: [String: String] = [:]

    var names: Set<String> { Set(reasons.keys) }

    private static let advice = "give it a longer value that is no word; it is masked where it is an argument"

    /// What the user should know of those that are not allowed to be in the image.
    func warnings(allowing allowed: Set<String>) -> [Diagnostic] {
        unallowed(allowed).map { name, reason in
            Diagnostic(
                .warning, "the image cannot be checked for the value of \(name): \(reason)", advice: Self.advice)
        }
    }

    /// Why a build that may hold no secret cannot go on; `nil` if it can.
    func failure(allowing allowed: Set<String>) -> Failure? {
        unallowed(allowed).first.map { name, reason in
            Failure(
                .ruleBroken, "the image cannot be checked for the value of \(name): \(reason)",
                advice: "give it a longer value that is no word, or allow it with --allow-secret \(name)")
        }
    }

    private func unallowed(_ allowed: Set<String>) -> [(name: String, reason: String)] {
        reasons.filter { !allowed.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// Finds the secrets of a request that cannot be looked for, before anything is built.
struct UncheckableSearch {
    let request: BuildRequest
    let cache: ProjectCache
    let store: ImageStore
    let runImage: Image
    /// Folders of the machine whose files may go into layers.
    let folders: [FilePath]

    /// - Throws: `Failure` when a file cannot be read, `CancellationError`.
    func run() async throws -> UncheckableSecrets {
        var result = UncheckableSecrets()
        var words: [String: String] = [:]
        for (name, value) in request.secrets where !value.isEmpty {
            let count = value.utf8.count
            if count < SecretForms.shortestValue {
                result.reasons[name] = "it has only \(count) byte\(count == 1 ? "" : "s")"
            } else if SecretWord.isWord(value) {
                words[name] = value
            }
        }
        guard !words.isEmpty else { return result }
        for (name, place) in try await common(words) { result.reasons[name] = "it is a word that is also in \(place)" }
        let rest = words.filter { result.reasons[$0.key] == nil }
        for finding in try SecretScanner(secrets: rest).findings(inSourcesOf: request) {
            result.reasons[finding.name] = "it is a word that is also in the project's files"
        }
        return result
    }

    /// The words that are in the toolchain or the run image, by name; remembered as long as those and the secrets are the same.
    private func common(_ words: [String: String]) async throws -> [String: String] {
        let record = try CommonWords(key: key(words), at: cache.records.appending("common-words.json"))
        if let known = record.known { return known }
        let scanner = SecretScanner(secrets: words)
        var found: [String: String] = [:]
        for folder in folders where folder.isFolder {
            for finding in try scanner.findings(in: folder) { found[finding.name] = "the toolchain" }
        }
        for layer in runImage.layers {
            let blob = try await store.blob(layer.descriptor)
            for finding in try SecretCheck.findings(inTar: blob, scanner) {
                found[finding.name] = found[finding.name] ?? "the run image"
            }
        }
        try record.write(found)
        return found
    }

    /// A keyed hash: the words themselves are nowhere on the disk.
    private func key(_ words: [String: String]) throws -> String {
        let pairs = words.map { "\($0.key.utf8.count) \($0.key)=\($0.value.utf8.count) \($0.value);" }.sorted()
        let places = folders.map { "\($0) \(FileStamp(behind: $0)?.text ?? "")" }
        return try KeyedHash(keyFile: cache.key).hex(
            of: (["words 1", runImage.digest.hex] + places + pairs).joined(separator: "\n"))
    }
}

/// What was found of some words, in the project's cache.
private struct CommonWords {
    private struct Content: Codable {
        var key: String
        var found: [String: String]
    }

    private let key: String
    private let file: FilePath
    let known: [String: String]?

    init(key: String, at file: FilePath) {
        self.key = key
        self.file = file
        let content: Content? = file.json()
        known = content.flatMap { $0.key == key ? $0.found : nil }
    }

    func write(_ found: [String: String]) throws {
        try file.replace(with: CanonicalJSON.encode(Content(key: key, found: found)))
    }
}

/// Values that look like words, which anybody may write.
enum SecretWord {
    /// Longer ones are passphrases.
    private static let longest = 24

    /// Whether a value is made of words and numbers, none of which mixes letters and digits.
    static func isWord(_ value: String) -> Bool {
        guard value.utf8.count <= longest, value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
        return value.split { !$0.isLetter && !$0.isNumber }.allSatisfy { part in
            part.allSatisfy(\.isNumber) || part.allSatisfy(\.isLetter)
        }
    }
}
