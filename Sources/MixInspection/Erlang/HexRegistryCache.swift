import Diagnostics
import Files
import SystemPackage

/// What Hex keeps of the registry (`cache.ets`): of each version of a package, why it was retired and its advisories.
///
/// It is the source of `mix hex.audit`, as old as the last fetch. Nothing is fetched for this.
package struct HexRegistryCache: Sendable {
    /// The file, in Hex's folder.
    package static let name = "cache.ets"

    /// A version of a package.
    private struct Release: Hashable {
        var repository: String
        var package: String
        var version: String
    }

    private struct Notes {
        var retirement: ErlangTerm?
        var advisories: [ErlangTerm] = []
    }

    private var notes: [Release: Notes] = [:]

    /// Reads several files, of which a newer one has the last word.
    package init(_ files: [FilePath]) {
        let known = files.compactMap { file in FileStamp(behind: file).map { (file, $0.modified) } }
        for (file, _) in known.sorted(by: { $0.1 < $1.1 }) {
            for record in Self.records(of: (try? file.bytes(limit: 256 << 20)) ?? []) { add(record) }
        }
    }

    /// Where the user's Hex keeps it.
    package static func machineFile(_ environment: [String: String]) -> FilePath? {
        MixFolders(environment).hexCache?.appending(name)
    }

    /// Warnings about the versions in a mix.lock.
    package func findings(lock: FilePath) -> [Diagnostic] {
        guard !notes.isEmpty, let bytes = try? lock.bytes() else { return [] }
        return LockFile(bytes).entries.sorted { $0.name < $1.name }.flatMap { entry -> [Diagnostic] in
            guard entry.source == .hex, let version = entry.version else { return [] }
            let release = Release(
                repository: entry.repository ?? "hexpm", package: entry.package ?? entry.name, version: version)
            return notes[release].map { findings(of: release, $0) } ?? []
        }
    }

    private func findings(of release: Release, _ notes: Notes) -> [Diagnostic] {
        let name = "\(release.package) \(release.version)"
        let advice = "mix hex.outdated \(release.package) shows newer versions; by the registry as Hex last fetched it"
        var findings: [Diagnostic] = []
        if let retirement = notes.retirement {
            findings.append(
                Diagnostic(
                    .warning, "\(name) is retired: \(Self.reason(retirement))", file: "mix.lock", advice: advice))
        }
        let advisories = notes.advisories.compactMap(Self.advisory)
        if !advisories.isEmpty {
            let word = advisories.count == 1 ? "a security advisory" : "\(advisories.count) security advisories"
            findings.append(
                Diagnostic(
                    .warning, "\(name) has \(word): \(advisories.joined(separator: "; "))", file: "mix.lock",
                    advice: advice))
        }
        return findings
    }

    /// Hex's words for a reason, and the maintainer's.
    private static func reason(_ retirement: ErlangTerm) -> String {
        let code = retirement["reason"]?.atom ?? ""
        let word = code.hasPrefix("RETIRED_") ? code.dropFirst("RETIRED_".count).lowercased() : "other"
        return [word, retirement["message"]?.text.map(oneLine)].compactMap { $0 }.joined(separator: ", ")
    }

    private static func advisory(_ term: ErlangTerm) -> String? {
        guard let id = term["id"]?.text else { return nil }
        let code = term["severity"]?.atom ?? ""
        let severity = code.hasPrefix("SEVERITY_") ? " (\(code.dropFirst("SEVERITY_".count).lowercased()))" : ""
        return oneLine(id) + severity + (term["summary"]?.text.map { " \(oneLine($0))" } ?? "")
    }

    /// Words of others': without line ends and signs that steer a terminal.
    private static func oneLine(_ text: String) -> String {
        let plain = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return String(String(plain).prefix(200))
    }

    // MARK: Reading

    /// The head of a log of Erlang's, and the mark of each record in it.
    private static let head: [UInt8] = [1, 2, 3, 4]
    private static let mark: [UInt8] = [98, 87, 76, 65]
    /// From this size on a record has a digest behind its mark.
    private static let largeSize = 65528

    private static func records(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard bytes.starts(with: head) else { return [] }
        var records: [ArraySlice<UInt8>] = []
        var place = 8
        while place + 8 <= bytes.count {
            let size = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            let start = place + (size < largeSize ? 8 : 24)
            guard bytes[(place + 4)..<(place + 8)].elementsEqual(mark), start + size <= bytes.count else { break }
            // `{{retired, …}, …}` and `{{advisories, …}, …}`; most of the file is something else.
            if bytes[start..<(start + size)].starts(with: [131, 104, 2, 104, 4]) {
                records.append(bytes[start..<(start + size)])
            }
            place = start + size
        }
        return records
    }

    private mutating func add(_ record: ArraySlice<UInt8>) {
        guard let pair = ErlangTermReader.term(of: record)?.tuple, pair.count == 2, let key = pair[0].tuple,
            key.count == 4, let repository = key[1].text, let package = key[2].text, let version = key[3].text
        else { return }
        let release = Release(repository: repository, package: package, version: version)
        switch key[0].atom {
        case "retired":
            let isRetired = pair[1].map != nil
            if isRetired || notes[release] != nil {
                notes[release, default: Notes()].retirement = isRetired ? pair[1] : nil
            }
        case "advisories":
            let list = pair[1].list ?? []
            if !list.isEmpty || notes[release] != nil { notes[release, default: Notes()].advisories = list }
        case _: return
        }
    }
}
