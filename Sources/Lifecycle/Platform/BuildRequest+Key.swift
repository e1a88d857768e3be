import Digests
import FoundationEssentials

/// A field that is not encoded into a build's key: it does not change the image, or the key has it in another form.
@propertyWrapper
package struct Unkeyed<Value: Sendable & Hashable>: Sendable, Hashable, Encodable {
    /// The field's value.
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// Keeps the value out: it may be a secret.
    package func encode(to encoder: any Encoder) throws { try String?.none.encode(to: encoder) }
}

extension BuildRequest {
    /// What of the request the image is made of, as one hash.
    ///
    /// Every field counts that is not `@Unkeyed`. Of those that are, this has some in another form; the key itself has the
    /// digest of the source, that of the run image, and the buildpacks.
    func hash(_ keyed: KeyedHash) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let parts: [any Encodable] = [
            self, image.repository, Self.values(variables), secretNames.sorted(), Self.values(withheldSecrets),
            allowedSecrets.sorted(),
        ]
        let texts = try parts.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return keyed.hex(of: texts.joined(separator: "\n"))
    }
}
