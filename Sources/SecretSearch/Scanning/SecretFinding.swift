/// A place where a secret's value stands; the value itself is not in it.
package struct SecretFinding: Sendable, Hashable, Codable {
    /// The secret's name.
    package var name: String
    /// The file, relative to the folder that was scanned.
    package var path: String
    /// The line, from 1, in a text file.
    package var line: Int?
    /// How the value is written there.
    package var form: SecretForm
    /// Whether it stands in something compressed, so that a plain search of the file does not find it.
    package var isCompressed: Bool

    /// Creates a finding; by default without line, not compressed.
    package init(name: String, path: String, line: Int? = nil, form: SecretForm, isCompressed: Bool = false) {
        self.name = name
        self.path = path
        self.line = line
        self.form = form
        self.isCompressed = isCompressed
    }

    /// The file, with the line where there is one.
    package var place: String { path + (line.map { ":\($0)" } ?? "") }
}
