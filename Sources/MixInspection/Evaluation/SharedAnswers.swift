import SystemPackage

/// Answers of inspections that hold for every machine and every place of a project.
///
/// They are those of projects whose mix.exs says nothing but what stands in it.
struct SharedAnswers {
    /// What a scan found, and the words by which candidates are known that matter to it.
    struct Scan: Codable {
        var hits: [ScanHit]
        var words: [String]
    }

    let answers: AnswerStore
    /// The project's folder for answers, which keeps the names of those that it used.
    let own: FilePath
    /// Values that may be secret: what has one of them in it is not kept.
    let secrets: [String]

    private static let evaluationName = "evaluation.shared"
    private static let scanName = "scan.shared"

    /// The names of the answers that a project used, each that of the outer and of the inner folder.
    /// - Parameter own: the project's folder for answers.
    static func names(in own: FilePath) -> [String] {
        [evaluationName, scanName].compactMap { own.appending($0).text }.filter { !$0.isEmpty }
    }

    // MARK: Evaluations

    func evaluation(_ keys: InspectionKeys) -> InspectionCache.Evaluation? {
        guard let key = keys.sharedEvaluation() else { return nil }
        let found = answers.load(key, key, as: InspectionCache.Evaluation.self)
        if found != nil { note(key, key, as: Self.evaluationName) }
        return found
    }

    /// Keeps an evaluation, if it rests on mix.exs alone.
    func keep(_ evaluation: InspectionCache.Evaluation, _ keys: InspectionKeys) {
        guard evaluation.madeUp.isEmpty, evaluation.git.entries.isEmpty, let key = keys.sharedEvaluation() else {
            try? own.appending(Self.evaluationName).remove()
            return
        }
        answers.store(evaluation, key, key, without: secrets)
        note(key, key, as: Self.evaluationName)
    }

    // MARK: Scans

    func scan(_ keys: InspectionKeys) -> Scan? {
        guard let key = keys.sharedScan() else { return nil }
        for entry in answers.entries(of: key) {
            guard let found = answers.load(key, entry, as: Scan.self), keys.scan(words: found.words) == entry else {
                continue
            }
            note(key, entry, as: Self.scanName)
            return found
        }
        return nil
    }

    func keep(_ scan: Scan, _ keys: InspectionKeys) {
        guard let key = keys.sharedScan() else {
            try? own.appending(Self.scanName).remove()
            return
        }
        let entry = keys.scan(words: scan.words)
        answers.store(scan, key, entry, without: secrets)
        note(key, entry, as: Self.scanName)
    }

    // MARK: Names

    private func note(_ key: String, _ entry: String, as name: String) {
        answers.use(key)
        let text = "\(key)/\(entry)"
        guard own.appending(name).text != text else { return }
        try? own.appending(name).replace(with: Array(text.utf8))
    }
}
