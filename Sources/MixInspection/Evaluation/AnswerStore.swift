import Files
import FoundationEssentials
import SystemPackage

/// The machine's store of what was found out about projects and holds everywhere; safe to delete at any time.
///
/// An answer is a folder in a folder: the outer is named by what can be known before the answer is, the inner by all that the
/// answer rests on.
package struct AnswerStore: Sendable {
    let folder: FilePath

    private static let most = 512
    private static let fileName = "answer.json"
    private static let workName = ".work"

    package init(folder: FilePath) { self.folder = folder }

    /// The names of what there is for an outer folder.
    func entries(of key: String) -> [String] { folder.appending(key).names }

    /// An answer; one that is damaged counts as none.
    package func load<Value: Decodable>(_ key: String, _ entry: String, as type: Value.Type) -> Value? {
        let file = folder.appending(key).appending(entry).appending(Self.fileName)
        guard let bytes = try? file.bytes(limit: 16 << 20) else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Keeps an answer; one that cannot be kept is only worked out again.
    /// - Parameter secrets: values that may be secret: what has one of them in it is not kept.
    package func store(_ value: some Encodable, _ key: String, _ entry: String, without secrets: [String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let place = folder.appending(key).appending(entry)
        guard !place.exists, let data = try? encoder.encode(value) else { return }
        let text = String(decoding: data, as: UTF8.self)
        guard !secrets.contains(where: { text.contains($0) || text.contains(InspectionCache.spelled($0)) }) else {
            return
        }
        prune()
        let parent = folder.appending(Self.workName)
        HeldFolder.removeAbandoned(in: parent)
        guard let held = try? HeldFolder(in: parent) else { return }
        defer { held.remove() }
        let fresh = held.path.appending("entry")
        guard (try? fresh.makeFolders()) != nil,
            (try? fresh.appending(Self.fileName).replace(with: Array(data))) != nil,
            (try? place.removingLastComponent().makeFolders()) != nil
        else { return }
        // Whoever was faster has the same answer.
        try? fresh.move(to: place)
    }

    /// Gives an outer folder the time of now: those that were not used for longest go first.
    package func use(_ key: String) {
        try? folder.appending(key).setModified(Int64(Date().timeIntervalSince1970 * 1_000_000_000))
    }

    /// Removes those that were not used for longest where there are many.
    private func prune() {
        let names = folder.names.filter { $0 != Self.workName }
        guard names.count >= Self.most else { return }
        let byUse = names.map(folder.appending).sorted { used($0) < used($1) }
        for old in byUse.prefix(Self.most / 4) { try? old.remove() }
    }

    private func used(_ path: FilePath) -> Int64 { FileStamp(of: path)?.modified ?? 0 }
}
