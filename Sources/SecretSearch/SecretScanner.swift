import Files
import SystemPackage

/// Looks for the values of secrets in files, in every form that `SecretForm` names, also where files are compressed, and in
/// the names of files and folders and the targets of links.
///
/// Looked into are gzip, zstd and brotli files and the chunks of compiled Erlang modules; not zip. Values under six bytes are
/// not looked for.
package struct SecretScanner: Sendable {
    private let patterns: PatternSet
    private let origins: [(name: String, form: SecretForm)]
    private let names: Set<String>
    private let masking: SecretMasking

    package init(secrets: [String: String]) {
        masking = SecretMasking(secrets: secrets) { "[\($0)]" }
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

    package var isEmpty: Bool { names.isEmpty }

    /// Looks through a folder with everything below it; links are not followed.
    ///
    /// A secret is told of once a file, at its first place.
    /// - Parameter isSkipped: leaves a file or folder out, by its path relative to the folder.
    /// - Throws: `Failure` when a file cannot be read, `CancellationError`.
    package func findings(
        in folder: FilePath, skipping isSkipped: (_ path: String, _ isFolder: Bool) -> Bool = { _, _ in false }
    ) throws -> [SecretFinding] {
        guard !isEmpty else { return [] }
        var findings: [SecretFinding] = []
        let inflation = Inflation()
        try visit(folder, skipping: isSkipped) { path, full, kind in
            try Task.checkCancellation()
            findings += namedFindings(path, target: kind == .link ? full.linkTarget : nil)
            guard kind == .file else { return }
            try MappedFile.withBytes(of: full) { bytes in
                findings += self.findings(in: bytes, path: masking.masked(path), inflation)
            }
        }
        return findings
    }

    /// Tells of each file, link and folder below a folder that holds a value, in its content, its name or its target.
    /// - Throws: `Failure` when a file cannot be read, `CancellationError`.
    package func holders(in folder: FilePath, _ found: (FilePath) throws -> Void) throws {
        guard !isEmpty else { return }
        let inflation = Inflation()
        try visit(folder, skipping: { _, _ in false }) { path, full, kind in
            try Task.checkCancellation()
            var isHolder = !namedFindings(path, target: kind == .link ? full.linkTarget : nil).isEmpty
            if kind == .file, !isHolder {
                isHolder = try MappedFile.withBytes(of: full) { !self.findings(in: $0, path: path, inflation).isEmpty }
            }
            if isHolder { try found(full) }
        }
    }

    /// Tells of everything below a folder, in the order of the names: by its path from there, and its whole path.
    private func visit(
        _ folder: FilePath, below: String = "", skipping isSkipped: (_ path: String, _ isFolder: Bool) -> Bool,
        _ found: (_ path: String, _ full: FilePath, _ kind: FileKind) throws -> Void
    ) throws {
        for entry in try FolderListing(folder).entries {
            let full = folder.appending(entry.text)
            let path = below + entry.text
            let kind = entry.kind ?? full.kind
            guard !isSkipped(path, kind == .folder) else { continue }
            try found(path, full, kind)
            if kind == .folder { try visit(full, below: path + "/", skipping: isSkipped, found) }
        }
    }

    /// What the last part of a path, or the target of a link, holds.
    package func namedFindings(_ path: String, target: String?) -> [SecretFinding] {
        guard !isEmpty else { return [] }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return [(name, SecretFinding.Part.name), (target ?? "", .linkTarget)].flatMap { text, part in
            var text = text
            return text.withUTF8 { utf8 in masking.secrets(in: UnsafeRawBufferPointer(utf8)) }.map { secret, form in
                SecretFinding(name: secret, path: masking.masked(path), form: form, in: part)
            }
        }
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
        } else if let unpacked = unpacked(bytes, path: path, inflation) {
            unpacked.withUnsafeBytes { bytes in
                search.lookInCompressed(bytes)
                BeamChunks(bytes)?.unpacked(by: inflation) { search.lookInCompressed($0) }
            }
        }
        return search.findings
    }

    private func unpacked(_ bytes: UnsafeRawBufferPointer, path: String, _ inflation: Inflation) -> [UInt8]? {
        inflation.gzip(bytes) ?? inflation.zstd(bytes) ?? (path.hasSuffix(".br") ? inflation.brotli(bytes) : nil)
    }
}

/// A place where a secret's value stands; the value itself is not in it.
package struct SecretFinding: Sendable, Hashable, Codable {
    package var name: String
    /// The file, relative to the folder that was scanned.
    package var path: String
    /// The line, from 1, in a text file.
    package var line: Int?
    package var form: SecretForm
    /// Whether it stands in something compressed, so that a plain search of the file does not find it.
    package var isCompressed: Bool
    /// What of the file it stands in; `nil` for its content.
    package var part: Part?

    /// A part of a file that is not its content.
    package enum Part: String, Sendable, Hashable, Codable {
        case name
        case linkTarget = "link target"
    }

    package init(
        name: String, path: String, line: Int? = nil, form: SecretForm, isCompressed: Bool = false, in part: Part? = nil
    ) {
        self.name = name
        self.path = path
        self.line = line
        self.form = form
        self.isCompressed = isCompressed
        self.part = part
    }

    /// The file, with the line where there is one, or the part of it.
    package var place: String { (part.map { "the \($0.rawValue) of " } ?? "") + path + (line.map { ":\($0)" } ?? "") }
}

/// The search of one file.
struct FileSearch {
    let patterns: PatternSet
    let origins: [(name: String, form: SecretForm)]
    let path: String
    private(set) var findings: [SecretFinding] = []
    private(set) var found: Set<String> = []

    mutating func look(in bytes: UnsafeRawBufferPointer) {
        let isText = Self.isText(bytes)
        look(in: bytes) { offset in isText ? Self.line(of: offset, in: bytes) : nil }
        guard isText else { return }
        lookThroughLines(of: bytes, isCompressed: false) { Self.line(of: $0, in: bytes) }
    }

    /// Looks through a piece of the file that was compressed.
    mutating func lookInCompressed(_ bytes: UnsafeRawBufferPointer) {
        look(in: bytes, isCompressed: true) { _ in nil }
        guard Self.isText(bytes) else { return }
        lookThroughLines(of: bytes, isCompressed: true) { _ in nil }
    }

    /// Looks through what goes on from one line to the next: lists of numbers, and base64.
    private mutating func lookThroughLines(
        of bytes: UnsafeRawBufferPointer, isCompressed: Bool, line: (Int) -> Int?
    ) {
        for run in DecimalRuns(in: bytes).runs {
            for (decoded, _) in run.readings {
                decoded.withUnsafeBytes {
                    look(in: $0, as: .decimal, isCompressed: isCompressed) { _ in line(run.offset) }
                }
            }
        }
        guard let joined = JoinedText(bytes) else { return }
        joined.bytes.withUnsafeBytes {
            look(in: $0, isCompressed: isCompressed) { line(joined.original($0..<($0 + 1)).lowerBound) }
        }
    }

    private mutating func look(
        in bytes: UnsafeRawBufferPointer, as form: SecretForm? = nil, isCompressed: Bool = false,
        line: (Int) -> Int?
    ) {
        patterns.matches(in: bytes) { pattern, offset in
            let origin = origins[pattern]
            if found.insert(origin.name).inserted {
                findings.append(
                    SecretFinding(
                        name: origin.name, path: path, line: line(offset), form: form ?? origin.form,
                        isCompressed: isCompressed))
            }
            return true
        }
    }

    /// Whether the beginning looks like text.
    private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool { !bytes.prefix(1024).contains(0) }

    private static func line(of offset: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        bytes.prefix(offset).reduce(1) { $1 == 10 ? $0 + 1 : $0 }
    }
}
