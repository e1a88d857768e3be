import Diagnostics
import FoundationEssentials
import LayerArchive

/// The one JSON encoding of this module: sorted keys, "/" as it is, no spaces; equal values give equal bytes.
package enum CanonicalJSON {
    /// Encodes a value.
    /// - Throws: `Failure` for a value that JSON has no word for.
    package static func encode(_ value: some Encodable) throws(Failure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw Failure(.malformed, "cannot be written as JSON: \(type(of: value))")
        }
    }

    /// A value as text, for labels.
    package static func text(_ value: some Encodable) throws(Failure) -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }

    /// Decodes a value; `what` names the content in the error.
    /// - Throws: `Failure` that says which field is wrong.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], what: String
    ) throws(Failure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Failure(.malformed, "\(what) is not valid: \(explanation(of: error))")
        } catch {
            throw Failure(.malformed, "\(what) is not valid: \(error)")
        }
    }

    private static func explanation(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context)) has the wrong type"
        case .dataCorrupted(let context):
            (context.underlyingError as? Failure)?.message ?? (path(context) + " " + context.debugDescription)
        @unknown default: "it cannot be read"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "the content" : path
    }
}
