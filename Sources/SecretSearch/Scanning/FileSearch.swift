/// The search of one file.
struct FileSearch {
    let patterns: PatternSet
    let origins: [(name: String, form: SecretForm)]
    let path: String
    private(set) var findings: [SecretFinding] = []
    private var found: Set<String> = []

    init(patterns: PatternSet, origins: [(name: String, form: SecretForm)], path: String) {
        self.patterns = patterns
        self.origins = origins
        self.path = path
    }

    /// Looks through the file's own bytes.
    mutating func look(in bytes: UnsafeRawBufferPointer) {
        let isText = Self.isText(bytes)
        look(in: bytes) { offset in isText ? Self.line(of: offset, in: bytes) : nil }
        guard isText else { return }
        for run in DecimalRuns(in: bytes).runs {
            run.bytes.withUnsafeBytes { decoded in
                look(in: decoded, as: .decimal) { _ in Self.line(of: run.offset, in: bytes) }
            }
        }
    }

    /// Looks through a piece of the file that was compressed.
    mutating func lookInCompressed(_ bytes: UnsafeRawBufferPointer) {
        look(in: bytes, isCompressed: true) { _ in nil }
        guard Self.isText(bytes) else { return }
        for run in DecimalRuns(in: bytes).runs {
            run.bytes.withUnsafeBytes { look(in: $0, as: .decimal, isCompressed: true) { _ in nil } }
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
