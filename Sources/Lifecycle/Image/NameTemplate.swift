import Diagnostics
import OCIImage

/// A name of an image with fields that a build fills in: `shop:{version}-{git.sha}`.
package struct NameTemplate: Sendable, Hashable {
    /// What a build can fill in.
    package enum Field: String, Sendable, Hashable, CaseIterable {
        /// The version of the release.
        case version
        /// The first 12 digits of the commit.
        case commit = "git.sha"
        /// The branch.
        case branch = "git.branch"
        /// The day in UTC, as `20250131`.
        case date
    }

    private enum Part: Hashable {
        case text(String)
        case field(Field)
    }

    package let text: String
    private let parts: [Part]

    /// Reads a template; a text without braces is one too.
    /// - Throws: `Failure` of code `usage` that names the fields that there are.
    package init(_ text: String) throws(Failure) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            parts.append(.text(String(rest[..<open])))
            guard let close = rest[open...].firstIndex(of: "}") else { throw Self.unknown(rest[open...], in: text) }
            guard let field = Field(rawValue: String(rest[rest.index(after: open)..<close])) else {
                throw Self.unknown(rest[open...close], in: text)
            }
            parts.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        self.parts = parts + [.text(String(rest))]
        let made = Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0, "1") })
        _ = try reference(made, of: try Reference("app"))
    }

    /// The fields that it has.
    package var fields: Set<Field> {
        Set(parts.compactMap { part in if case .field(let field) = part { field } else { nil } })
    }

    /// Whether it is a tag alone, for an image that has a name: `:{version}`.
    private var isTagAlone: Bool { text.hasPrefix(":") }

    /// The name with its fields filled in; what a tag cannot have becomes `-`.
    /// - Parameter image: the image whose name counts where the template is a tag alone.
    /// - Throws: `Failure` of code `usage` if a value is missing or the result is not a name.
    package func reference(_ values: [Field: String], of image: Reference) throws(Failure) -> Reference {
        var name = isTagAlone ? (image.registry.map { $0 + "/" } ?? "") + image.repository : ""
        for part in parts {
            switch part {
            case .text(let text): name += text
            case .field(let field):
                guard let value = values[field], !value.isEmpty else {
                    throw Failure(
                        .usage, "image name \(text): {\(field.rawValue)} is not known here", advice: Self.advice(field))
                }
                name += Self.cleaned(value)
            }
        }
        do throws(Failure) {
            let reference = try Reference(name)
            try reference.checkAsNew()
            return reference
        } catch {
            throw fields.isEmpty ? error.coded(.usage) : error.failing(text, as: .usage)
        }
    }

    /// A value as a part of a tag: `feature/cart` is `feature-cart`.
    private static func cleaned(_ value: String) -> String {
        String(value.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    }

    private static func advice(_ field: Field) -> String {
        switch field {
        case .version: "give the release or the project a version in mix.exs"
        case .commit, .branch: "commit the project to git, or use {version} or {date}"
        case .date: "write the date into the name"
        }
    }

    private static func unknown(_ part: Substring, in text: String) -> Failure {
        let fields = Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
        return Failure(.usage, "image name \(text): \(part) is not a field", advice: "there are: \(fields)")
    }
}
