/// The facts of /etc/os-release: `NAME=value` lines, the values possibly in quotes.
package struct OSRelease {
    private let values: [String: String]

    package init(_ text: String) {
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            guard let equals = line.firstIndex(of: "=") else { return nil }
            let value = line[line.index(after: equals)...].drop { " \"'".contains($0) }
            return value.lastIndex { !" \"'".contains($0) }.map { (String(line[..<equals]), String(value[...$0])) }
        }
        values = Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// The value of a name; `nil` where it is missing or empty.
    package subscript(name: String) -> String? { values[name] }
}
