import Diagnostics

/// A label or an annotation that the user gives: `NAME=VALUE`.
package struct ImageNote: Sendable, Hashable, Encodable {
    package let name: String
    package let value: String

    /// Reads `NAME=VALUE`; the value may be empty.
    /// - Throws: `Failure` of code `usage` that says what is wrong.
    package init(_ text: String) throws(Failure) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw Failure(.usage, "not NAME=VALUE", advice: "for example org.opencontainers.image.vendor=Acme")
        }
        try self.init(name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }

    /// - Throws: `Failure` of code `usage` where the name is one that platforms go by.
    package init(name: String, value: String) throws(Failure) {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain else { throw Failure(.usage, "the name may have only visible ASCII characters") }
        guard !name.hasPrefix("io.buildpacks.") else {
            throw Failure(
                .usage, "\(name) is the lifecycle's own: other platforms read from it how the image was built")
        }
        self.name = name
        self.value = value
    }

    package var text: String { "\(name)=\(value)" }
}
