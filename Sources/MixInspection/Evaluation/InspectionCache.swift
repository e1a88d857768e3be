import Digests
import Files
import FoundationEssentials
import ProjectGit
import SystemPackage

/// Answers of earlier inspections, each kept under a key that names everything it rests on.
struct InspectionCache {
    struct Evaluation: Codable {
        var own: ProjectFacts
        var children: [ProjectFacts]
        /// The names of the secrets that got made-up values.
        var madeUp: [String] = []
        /// What mix.exs asked git.
        var git = GitRecord()
    }

    private struct Record<Value: Codable>: Codable {
        var key: String
        var value: Value
    }

    let folder: FilePath
    /// Values that may be secret: what has one of them in it is not kept.
    var secrets: [String] = []

    /// The kept value, where its key is the same; a file that is damaged counts as none.
    func load<Value: Codable>(_ name: String, key: String, as type: Value.Type) -> Value? {
        guard let bytes = try? ProjectFile.bytes(folder.appending(name)) else { return nil }
        guard let record = try? JSONDecoder().decode(Record<Value>.self, from: Data(bytes)) else { return nil }
        return record.key == key ? record.value : nil
    }

    /// A value as it stands between the quotes of JSON.
    static func spelled(_ secret: String) -> String {
        guard let data = try? JSONEncoder().encode(secret) else { return secret }
        return String(decoding: data.dropFirst().dropLast(), as: UTF8.self)
    }

    /// Keeps a value; one that cannot be kept is only worked out again next time.
    func store<Value: Codable>(_ value: Value, _ name: String, key: String) {
        guard let data = try? JSONEncoder().encode(Record(key: key, value: value)) else { return }
        let text = String(decoding: data, as: UTF8.self)
        guard !secrets.contains(where: { text.contains($0) || text.contains(Self.spelled($0)) }) else { return }
        try? folder.appending(name).replace(with: Array(data))
    }

    /// Keeps what a scan found, with its words, which are read before the key can be known.
    func store(_ scan: SharedAnswers.Scan, _ keys: InspectionKeys) {
        store(scan.words, "scan-words.json", key: keys.settings)
        store(scan.hits, "scan.json", key: keys.scan(words: scan.words))
    }
}

/// What the answers of an inspection rest on, as keys of a cache.
struct InspectionKeys {
    /// Of the evaluation of mix.exs without secrets, and of the one with made-up values for those that it names.
    let evaluations: [String]
    /// What all answers rest on besides files; the key of the words by which files are known that matter to a scan.
    let settings: String
    private let tree: ProjectTree
    private let files: SourceFiles
    private let secrets: [String]

    /// - Parameter helper: what tells one version of the helper, and the place that it works in, from another.
    init(tree: ProjectTree, files: SourceFiles, helper: String, environment: EvaluationEnvironment) {
        let madeUp = tree.names(among: environment.secretNames)
        let plain = environment.plain
        let full = plain.merging(madeUp.map { ($0, MadeUpValue.value(for: $0)) }) { $1 }
        // Code asks for it without its name: Mix.env(), config_env().
        let settings = "\(helper)\n\(environment.mixEnvironment)"
        evaluations = (madeUp.isEmpty ? [plain] : [plain, full]).map { variables in
            var evaluation = Fingerprint()
            evaluation.add(settings)
            tree.addSettings(environment: variables, to: &evaluation)
            return evaluation.hex
        }
        self.settings = settings
        self.tree = tree
        self.files = files
        secrets = environment.secretValues
    }

    /// Of the scan of the source; a candidate without any of the words is not a part of it.
    /// - Parameter marks: the words by which files are known that matter to a scan.
    func scan(words marks: [String]) -> String {
        var scan = Fingerprint()
        scan.add(settings)
        for file in files.toScan { tree.add(file, to: &scan) }
        for file in files.candidates where tree.has(anyOf: marks, in: file) { tree.add(file, to: &scan) }
        return scan.hex
    }

    /// Of the evaluation wherever the project lies, on whatever machine; `nil` where a mix.exs may ask for more than stands
    /// in it, or has a secret of the user's in it.
    func sharedEvaluation() -> String? {
        var evaluation = Fingerprint()
        evaluation.add("evaluation")
        evaluation.add(settings)
        for file in tree.mixFiles {
            guard let bytes = tree.whole(file), !holdsSecret(bytes),
                SelfContainedScript(bytes, .mixFile).isSelfContained
            else { return nil }
            evaluation.add(file)
            evaluation.add(bytes)
        }
        return evaluation.hex
    }

    /// Of what all scans of the same scripts rest on, on whatever machine; `nil` where a file is meant to hold secrets, or has
    /// one of the user's in it.
    ///
    /// The VM that scans has evaluated mix.exs: one whose mix.exs may do anything tells nobody else what it found.
    func sharedScan() -> String? {
        guard sharedEvaluation() != nil else { return nil }
        var scan = Fingerprint()
        scan.add("scan")
        scan.add(settings)
        for file in files.toScan {
            guard !file.contains("secret"), let bytes = tree.whole(file), !holdsSecret(bytes) else { return nil }
            scan.add(file)
            scan.add(bytes)
        }
        return scan.hex
    }

    private func holdsSecret(_ bytes: [UInt8]) -> Bool { TelltaleWords.isAny(of: secrets, in: bytes) }

    func evaluation(madeUp: Bool) -> String { (madeUp ? evaluations.last : evaluations.first) ?? "" }
}

/// A digest of parts that are fed to it one after the other, each kept apart from the next.
struct Fingerprint {
    private var parts: [String] = []

    mutating func add(_ bytes: [UInt8]) { parts.append((try? MessageDigest.hex(of: bytes)) ?? "") }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// The digest of all parts so far, 64 hexadecimal digits.
    var hex: String { (try? MessageDigest.hex(of: parts.joined().utf8)) ?? "" }
}
