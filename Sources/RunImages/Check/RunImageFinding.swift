import SystemPackage

/// Something that a release needs and a run image does not have.
package struct RunImageFinding: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The files are for another processor than the image.
        case architecture
        /// The dynamic linker that programs name.
        case dynamicLinker = "dynamic-linker"
        case library
        /// The program that runs a script which starts a process.
        case interpreter
        /// A library that is opened by name while the release runs.
        case openedLibrary = "opened-library"
        case symbolVersion = "symbol-version"
        /// A program that the release's scripts call.
        case tool
        /// The locale without which text is latin1.
        case locale
    }

    package var kind: Kind
    /// Its name: a library, a symbol version, a tool.
    package var subject: String
    /// The files that need it, relative to the release's folder, sorted.
    package var files: [String]
    /// What is wrong, in one line that names the subject and a file.
    package var message: String
    package var advice: String
    /// Whether the release cannot start without it.
    package var isFatal: Bool
    /// Where this machine has it: a library or a program.
    package var installed: FilePath?

    package init(
        _ kind: Kind, subject: String, files: [String], message: String, advice: String, isFatal: Bool,
        installed: FilePath? = nil
    ) {
        self.installed = installed
        self.kind = kind
        self.subject = subject
        self.files = files
        self.message = message
        self.advice = advice
        self.isFatal = isFatal
    }
}
