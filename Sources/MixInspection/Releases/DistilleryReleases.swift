/// The releases of Distillery's rel/config.exs, as entries for `releases:` in mix.exs.
///
/// The file is read, never run.
struct DistilleryReleases {
    struct Release {
        var name: String
        /// `web: :permanent`, as the file orders them.
        var applications: [String] = []
        /// What mix release has no setting for, such as `commands`.
        var others: [String] = []
    }

    let releases: [Release]

    init(_ text: String) {
        var found: [Release] = []
        var pending = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let code = line.prefix { $0 != "#" }
            if let match = code.firstMatch(of: /^\s*release\s+[:"]([a-z][a-z0-9_]*)"?\s+do/) {
                found.append(Release(name: String(match.1)))
                continue
            }
            if !pending.isEmpty || code.contains(/^\s*(?:set|plugin)\s/) { pending += code + " " }
            let isWhole = pending.count { $0 == "[" } == pending.count { $0 == "]" }
            guard isWhole, !pending.isEmpty, !found.isEmpty else { continue }
            Self.take(pending, &found[found.count - 1])
            pending = ""
        }
        releases = found
    }

    private static func take(_ setting: String, _ release: inout Release) {
        guard let match = setting.firstMatch(of: /^\s*(?:set\s+([a-z_]+):|(plugin)\s)(.*)$/) else { return }
        switch match.1 ?? match.2 ?? "" {
        case "applications":
            let list = match.3.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }
            release.applications = list.split(separator: ",").compactMap { item in
                let words = item.split { " :\t".contains($0) }.map(String.init)
                guard let name = words.first, name.contains(/^[a-z][a-z0-9_]*$/) else { return nil }
                return "\(name): :\(words.count > 1 ? words[1] : "permanent")"
            }
        case "version", "include_erts", "include_src", "cookie", "dev_mode", "vm_args": break
        case let other: release.others.append(String(other))
        }
    }

    /// The entry to paste; `nil` if the file defines no release.
    var text: String? {
        guard !releases.isEmpty else { return nil }
        let entries = releases.map { release in
            let list =
                release.applications.isEmpty ? "" : "applications: [\(release.applications.joined(separator: ", "))]"
            return "  \(release.name): [\(list)]"
        }
        return "releases: [\n\(entries.joined(separator: ",\n"))\n]"
    }

    /// What needs another way with mix release.
    var others: [String] { Set(releases.flatMap(\.others)).sorted() }
}
