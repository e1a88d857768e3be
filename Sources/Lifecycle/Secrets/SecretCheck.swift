import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SecretSearch

/// Looks for the build's secrets in everything that goes into the image, before the image gets its name.
struct SecretCheck {
    /// What is known of the image's secrets when nothing stands in the way of it.
    struct Outcome {
        var names: Set<String> = []
        /// What the user was told.
        var diagnostics: [Diagnostic] = []
    }

    let request: BuildRequest
    let built: BuiltLayers
    let cache: ProjectCache
    let store: ImageStore
    let emit: EventEmitter
    /// The names of those that cannot be looked for.
    var uncheckable: Set<String> = []

    /// Scans the layers.
    /// - Throws: `BuildFailure` when a value is in the image that neither the project's configuration put there nor the
    ///   user allowed.
    func check(_ layers: WrittenLayers) async throws -> Outcome {
        let secrets = request.secrets.filter { !uncheckable.contains($0.key) }
        let scanner = SecretScanner(secrets: secrets)
        guard !scanner.isEmpty else { return Outcome() }
        var scans = try LayerScans(secrets: secrets, in: cache)
        var found: [LayerSecret] = []
        for layer in layers.all {
            try Task.checkCancellation()
            let findings = try await findings(in: layer, scanner, &scans)
            found += findings.map { LayerSecret(finding: $0, layer: layer.summary.name) }
        }
        try scans.write(to: cache)
        found += configured(scanner)
        return try judge(found, scanner)
    }

    /// Looks through what a layer was made from, unless it was looked through before.
    private func findings(
        in layer: WrittenLayer, _ scanner: SecretScanner, _ scans: inout LayerScans
    ) async throws -> [SecretFinding] {
        let diffID = layer.layer.diffID
        if let known = scans.findings(in: diffID) { return known }
        let findings: [SecretFinding]
        switch layer.source {
        case .fixed: return []
        case .part(let folder): return try scanner.findings(in: folder)
        case .folder(let folder): findings = try scanner.findings(in: folder)
        case .text(let text): findings = scanner.findings(in: Array(text.utf8), path: layer.summary.name)
        case .imageBefore:
            findings = try Self.findings(inTar: try await store.blob(layer.layer.descriptor), scanner)
        }
        scans.keep(findings, of: diffID)
        return findings
    }

    /// Looks through the files of a layer that no folder of this build holds.
    static func findings(inTar blob: BlobContent, _ scanner: SecretScanner) throws -> [SecretFinding] {
        let reader = try TarReader(blob.input)
        var findings: [SecretFinding] = []
        while let entry = try reader.next() {
            try Task.checkCancellation()
            findings += scanner.namedFindings(entry.path, target: entry.linkTarget)
            guard case .file = entry.kind else { continue }
            let sink = MemorySink()
            try reader.copyContent(to: sink)
            findings += scanner.findings(in: sink.bytes, path: entry.path)
        }
        return findings
    }

    /// What goes into the image's configuration: variables and labels.
    private func configured(_ scanner: SecretScanner) -> [LayerSecret] {
        let results = built.parts.map(\.result)
        let texts =
            results.flatMap { Array($0.imageEnvironment.values) + Array($0.labels.values) } + [
                request.sourceMetadata ?? ""
            ]
        let text = Array(texts.joined(separator: "\n").utf8)
        return scanner.findings(in: text, path: "the image's configuration").map {
            LayerSecret(finding: SecretFinding(name: $0.name, path: $0.path, form: $0.form), layer: "configuration")
        }
    }

    // MARK: What is found

    private func judge(_ found: [LayerSecret], _ scanner: SecretScanner) throws -> Outcome {
        var outcome = Outcome()
        for secret in found where !isExpected(secret) && !request.allowedSecrets.contains(secret.name) {
            throw failure(secret, scanner)
        }
        for secret in found { outcome.names.insert(secret.name) }
        let allowed = found.filter { request.allowedSecrets.contains($0.name) && !isExpected($0) }
        var told: Set<String> = []
        for secret in allowed where told.insert(secret.name).inserted {
            let diagnostic = Diagnostic(
                .warning, "the value of \(secret.name) is in the image, as you allowed: \(secret.place)")
            outcome.diagnostics.append(diagnostic)
            emit(.diagnostic(diagnostic))
        }
        return outcome
    }

    /// Whether the project's own build-time configuration brought the value to where it is, and no code does.
    private func isExpected(_ secret: LayerSecret) -> Bool {
        let ways = ways(to: secret)
        return !ways.isEmpty && ways.allSatisfy { $0.kind == .configuration }
    }

    /// The readers by which the value may have come into the file.
    private func ways(to secret: LayerSecret) -> [CompiledSecret] {
        built.parts.flatMap(\.result.compiledSecrets).filter { reader in
            reader.name == secret.name && reader.endings.contains { secret.finding.path.hasSuffix($0) }
        }
    }

    private func failure(_ secret: LayerSecret, _ scanner: SecretScanner) -> Failure {
        let code = ways(to: secret).first { $0.kind == .code }
        let source = code == nil ? inSource(secret, scanner) : nil
        let file = code?.file ?? source?.path ?? secret.finding.path
        let line = code?.line ?? (source ?? secret.finding).line
        let cause =
            code.map { "; \($0.file):\($0.line) reads it at compile time" }
            ?? source.map { "; it comes from \($0.place)" } ?? ""
        let cure =
            code == nil
            ? "remove it there" : "read it when the release starts: in config/runtime.exs, or in a function"
        return Failure(
            .secretFound, "the value of \(secret.name) is in the image: \(secret.place)\(cause)",
            at: Place(file, line: line), advice: "\(cure), or allow it with --allow-secret \(secret.name)",
            choices: [secret.name])
    }

    /// Where the value stands in the project itself: what was copied from there explains what is in the image.
    private func inSource(_ secret: LayerSecret, _ scanner: SecretScanner) -> SecretFinding? {
        var found = try? scanner.findings(inSourcesOf: request)
        if let context = request.selection.context {
            found = found?.map { finding in
                var finding = finding
                finding.path = context.fromProject(finding.path)
                return finding
            }
        }
        let name = secret.finding.path.split(separator: "/").last
        let all = (found ?? []).filter { $0.name == secret.name }
        return all.first { $0.path.split(separator: "/").last == name } ?? all.first
    }
}

extension SecretScanner {
    /// Looks through what of a project is copied, by paths relative to what is copied.
    func findings(inSourcesOf request: BuildRequest) throws -> [SecretFinding] {
        let selection = request.selection
        return try findings(in: selection.root(of: request.project)) { path, isFolder in
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return !selection.includes(name: name, path: path, isFolder: isFolder)
        }
    }
}

/// A secret's value in a layer of the image.
struct LayerSecret {
    var finding: SecretFinding
    /// The layer, in words.
    var layer: String

    var name: String { finding.name }

    var place: String { "\(finding.place) of layer \(layer), \(finding.form.words)" }
}
