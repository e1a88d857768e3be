import BuildpackAPI
import Diagnostics
import Files

/// The variable without which mix.exs does not go on, read off its error.
struct MissingVariable {
    let name: String
    let isSecret: Bool

    /// Finds it: Elixir's own error names it; another one is about a secret where it, or the line that raised it, names
    /// one that the project's scripts read.
    /// - Parameter given: the variables that it had.
    init?(_ error: Failure, in tree: ProjectTree, given: [String: String]) {
        if let match = error.message.firstMatch(of: /environment variable "([^"]+)" because it is not set/) {
            name = String(match.1)
            isSecret = SecretName.isSecret(name)
            return
        }
        let words = Self.names(in: error.message) + Self.names(in: Self.line(of: error, in: tree))
        let read = words.filter { given[$0] == nil && tree.reads($0) }
        guard let name = read.first(where: SecretName.isSecret) ?? read.first else { return nil }
        self.name = name
        isSecret = SecretName.isSecret(name)
    }

    /// The error in the user's words.
    func told(_ error: Failure) -> Failure {
        guard isSecret else {
            var error = error
            error.advice = "give it to the build: -e \(name)=VALUE"
            return error
        }
        return Failure(
            .brokenMixFile, "mix.exs needs the secret \(name), which you did not give", at: error.place,
            advice: """
                give it to the build: --secret \(name), or on Secrets; mix.exs gets a made-up value in its place
                it said: \(error.message)
                """)
    }

    private static func names(in text: String) -> [String] {
        text.matches(of: /[A-Z][A-Z0-9_]+/).map { String($0.0) }
    }

    /// The line that raised the error, where that is in one of the project's scripts.
    private static func line(of error: Failure, in tree: ProjectTree) -> String {
        guard let file = error.place?.file, let number = error.place?.line, number > 0, tree.settings.contains(file),
            let text = try? ProjectFile.text(tree.root.appending(file))
        else { return "" }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }
}
