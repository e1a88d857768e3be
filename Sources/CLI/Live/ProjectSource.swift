import Console
import Files
import Lifecycle
import SystemPackage

/// A line of a project's file, as the compiler names it.
struct ProjectSource: Sendable {
    let project: FilePath
    let place: SourcePlace

    private static let largest = 4 << 20

    /// The lines around it, with secrets masked; `nil` if it is not in a file within the project.
    func excerpt(without secrets: [(name: String, value: SecretValue)]) -> SourceExcerpt? {
        guard let bytes = try? file?.bytes(limit: Self.largest) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return SourceExcerpt(of: masked(text, secrets), around: place.line)
    }

    /// The file, with links followed: none may lead out of the project.
    private var file: FilePath? {
        guard let root = project.realPath, let file = root.pushing(FilePath(place.file)).realPath else { return nil }
        return file.starts(with: root) ? file : nil
    }

    /// A secret of several lines is masked line by line, so that the others keep their numbers.
    private func masked(_ text: String, _ secrets: [(name: String, value: SecretValue)]) -> String {
        let redactors = secrets.map { secret in secret.value.withValue { Redactor(secrets: [secret.name: $0]) } }
        let whole = redactors.reduce(text) { $1.redact($0) }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard whole.unicodeScalars.count(where: { $0 == "\n" }) != lines.count - 1 else { return whole }
        return lines.map { line in redactors.reduce(String(line)) { $1.redact($0) } }.joined(separator: "\n")
    }
}
