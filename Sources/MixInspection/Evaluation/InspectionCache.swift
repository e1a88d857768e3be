import Files
import FoundationEssentials
import SystemPackage

/// Answers of earlier inspections, each kept under a key that names everything it rests on.
struct InspectionCache {
    /// What an evaluation of mix.exs found.
    struct Evaluation: Codable {
        var own: ProjectFacts
        var children: [ProjectFacts]
        /// The names of the secrets that got made-up values.
        var madeUp: [String] = []
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
    private static func spelled(_ secret: String) -> String {
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
}
