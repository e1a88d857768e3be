import Diagnostics
import TOMLCoding

extension KeyMap {
    /// The table with the user's keys: `"log.follow" = "f"`, `"quit" = ["Q", "C-q"]`, `"zoom" = []` for none.
    ///
    /// `table` is `[keys]` of the settings. An action keeps its own keys unless it is named there.
    /// Throws: `Failure`, with file and line, for an unknown action, a key that does not exist, and one that would mean
    /// two things.
    package func rebinding(_ table: TOMLTable) throws(Failure) -> KeyMap {
        try table.rejectUnknownKeys(besides: actions.map(\.id.rawValue), in: "[keys]")
        var changes: [ID: [KeySequence]] = [:]
        for entry in table.entries {
            guard let id = ID(rawValue: entry.key) else { continue }
            do throws(Failure) {
                changes[id] = try KeyMap.sequences(try texts(entry, in: table), for: id)
            } catch {
                throw table.error(at: entry.key, error.message)
            }
        }
        do throws(Failure) {
            return try rebinding(changes)
        } catch {
            let culprit = table.entries.first { error.choices.contains($0.key) }
            throw table.error(at: culprit?.key ?? "", error.message)
        }
    }

    private func texts(_ entry: TOMLTable.Entry, in table: TOMLTable) throws(Failure) -> [String] {
        switch entry.node.value {
        case .string(let text): return [text]
        case .array(let items):
            var texts: [String] = []
            for item in items {
                guard case .string(let text) = item.value else {
                    throw Failure(.usage, "\(entry.key): a key is written as text, like \"C-c\"")
                }
                texts.append(text)
            }
            return texts
        default: throw Failure(.usage, "\(entry.key): write a key or a list of keys, like [\"f\", \"F5\"]")
        }
    }
}
