/// Something that a release needs and a run image does not have.
public struct RunImageFinding: Sendable, Hashable, Codable {
    /// What is missing.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The files are for another processor than the image.
        case architecture
        /// The dynamic linker that programs name.
        case dynamicLinker = "dynamic-linker"
        /// A shared library.
        case library
        /// A version of the symbols of a library that is there.
        case symbolVersion = "symbol-version"
        /// A program that the release's scripts call.
        case tool
        /// The locale without which text is latin1.
        case locale
    }

    /// What is missing.
    public var kind: Kind
    /// Its name: a library, a symbol version, a tool.
    public var subject: String
    /// The files that need it, relative to the release's folder, sorted.
    public var files: [String]
    /// What is wrong, in one line that names the subject and a file.
    public var message: String
    /// What to try.
    public var advice: String
    /// Whether the release cannot start without it.
    public var isFatal: Bool

    /// Creates a finding.
    public init(
        _ kind: Kind, subject: String, files: [String], message: String, advice: String, isFatal: Bool
    ) {
        self.kind = kind
        self.subject = subject
        self.files = files
        self.message = message
        self.advice = advice
        self.isFatal = isFatal
    }
}
