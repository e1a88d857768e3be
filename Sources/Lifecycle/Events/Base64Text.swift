import FoundationEssentials

/// Base64 without its padding, so that it is found inside longer encodings too.
enum Base64Text {
    static func encode(_ text: String) -> String {
        var encoded = Data(text.utf8).base64EncodedString()
        while encoded.hasSuffix("=") { encoded.removeLast() }
        return encoded
    }
}
