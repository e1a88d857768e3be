/// A TOML 1.0 file, read whole.
///
/// The reader is strict: a duplicate key, a table defined twice, a control character and an unknown escape are errors.
/// It stays within Embedded Swift (no Foundation, no existentials), for the launcher in the image has it too.
///
/// Specification: [TOML 1.0](https://toml.io/en/v1.0.0).
package struct TOMLDocument: Sendable, Hashable {
    package let root: TOMLTable

    /// - Parameters:
    ///   - fileName: The file's name, for the positions in errors.
    ///   - keyMatching: How lookups in the document compare keys; by default exactly.
    /// - Throws: `TOMLError` at the first place that is not TOML 1.0, or nested more than 100 deep.
    package init(
        parsing text: String, fileName: String, keyMatching: TOMLKeyMatching = .exact
    ) throws(TOMLError) {
        var parser = TOMLParser(bytes: Array(text.utf8), fileName: fileName, keyMatching: keyMatching)
        root = try parser.document()
    }
}
