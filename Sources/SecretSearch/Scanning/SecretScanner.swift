import SystemPackage

/// Looks for the values of secrets in files, in every form that `SecretForm` names, also where files are compressed.
///
/// Looked into are gzip files and the chunks of compiled Erlang modules; not zip, brotli and zstd. Values under six bytes
/// are not looked for.
package struct SecretScanner: Sendable {
    private let patterns: PatternSet
    private let origins: [(name: String, form: SecretForm)]
    private let names: Set<String>

    /// Takes secrets, by name.
    package init(secrets: [String: String]) {
        var texts: [[UInt8]] = []
        var origins: [(String, SecretForm)] = []
        for (name, value) in secrets.sorted(by: { $0.key < $1.key }) {
            for (text, form) in SecretForms(of: value).texts {
                texts.append(text)
                origins.append((name, form))
            }
        }
        patterns = PatternSet(texts)
        self.origins = origins
        names = Set(origins.map(\.0))
    }

    /// Whether there is nothing to look for.
    package var isEmpty: Bool { names.isEmpty }

    /// Looks through a folder with everything below it; links are not followed.
    ///
    /// A secret is told of once a file, at its first place.
    /// - Parameter isSkipped: leaves a file or folder out, by its path relative to the folder.
    /// - Throws: `Failure` when a file cannot be read.
    package func findings(
        in folder: FilePath, skipping isSkipped: (_ path: String, _ isFolder: Bool) -> Bool = { _, _ in false }
    ) throws -> [SecretFinding] {
        guard !isEmpty else { return [] }
        var findings: [SecretFinding] = []
        let inflation = Inflation()
        try FileWalk.visit(folder, skipping: isSkipped) { path, full in
            try MappedFile.withBytes(of: full) { bytes in
                findings += self.findings(in: bytes, path: path, inflation)
            }
        }
        return findings
    }

    /// Looks through bytes that are called by a path.
    package func findings(in bytes: [UInt8], path: String) -> [SecretFinding] {
        guard !isEmpty else { return [] }
        return bytes.withUnsafeBytes { findings(in: $0, path: path, Inflation()) }
    }

    private func findings(
        in bytes: UnsafeRawBufferPointer, path: String, _ inflation: Inflation
    ) -> [SecretFinding] {
        var search = FileSearch(patterns: patterns, origins: origins, path: path)
        search.look(in: bytes)
        if let chunks = BeamChunks(bytes) {
            chunks.unpacked(by: inflation) { search.lookInCompressed($0) }
        } else if let unpacked = inflation.gzip(bytes) {
            unpacked.withUnsafeBytes { bytes in
                search.lookInCompressed(bytes)
                BeamChunks(bytes)?.unpacked(by: inflation) { search.lookInCompressed($0) }
            }
        }
        return search.findings
    }
}
