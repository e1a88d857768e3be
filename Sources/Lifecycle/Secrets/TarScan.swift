import Files
import LayerArchive
import OCIImage
import SecretSearch

/// Looks for secrets in the files of a layer's tar: for a layer that no folder of this build holds.
struct TarScan {
    let scanner: SecretScanner

    /// Looks through every file.
    func findings(in blob: BlobContent) async throws -> [SecretFinding] {
        let reader = try TarReader(blob.archive)
        var findings: [SecretFinding] = []
        while let entry = try reader.next() {
            try Task.checkCancellation()
            guard case .file = entry.kind else { continue }
            let sink = MemorySink()
            try reader.copyContent(to: sink)
            findings += scanner.findings(in: sink.bytes, path: entry.path)
        }
        return findings
    }
}
