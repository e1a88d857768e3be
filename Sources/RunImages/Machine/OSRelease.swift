/// The facts of /etc/os-release: `NAME=value` lines, the values possibly in quotes.
struct OSRelease {
    private let values: [String: String]

    init(_ text: String) {
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let value = parts[1].drop { $0 == "\"" || $0 == "'" || $0 == " " }
            return (String(parts[0]), String(value.reversed().drop { $0 == "\"" || $0 == "'" || $0 == " " }.reversed()))
        }
        values = Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> String? { values[name] }
}
