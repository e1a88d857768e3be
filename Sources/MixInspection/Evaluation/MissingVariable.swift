import SystemPackage

/// The variable without which mix.exs does not go on, read off its error.
struct MissingVariable {
    let name: String
    let isSecret: Bool

    /// Finds it: Elixir's own error names it; another one is about a secret where it, or the line that raised it, names
    /// one.
    init?(_ error: MixError, in root: FilePath) {
        if let match = error.message.firstMatch(of: /environment variable "([^"]+)" because it is not set/) {
            name = String(match.1)
            isSecret = SecretName.matches(name)
            return
        }
        let words = Self.names(in: error.message) + Self.names(in: Self.line(of: error, in: root))
        guard let secret = words.first(where: SecretName.matches) else { return nil }
        name = secret
        isSecret = true
    }

    /// The error in the user's words.
    func told(_ error: MixError) -> MixError {
        guard isSecret else {
            var error = error
            error.advice = "give it to the build: -e \(name)=VALUE"
            return error
        }
        return MixError(
            .brokenMixFile, "mix.exs needs the secret \(name), which is not given", file: error.file, line: error.line,
            advice: "give it to the build: --secret \(name), or on Secrets; mix.exs gets a made-up value in its place")
    }

    private static func names(in text: String) -> [String] {
        text.matches(of: /[A-Z][A-Z0-9_]+/).map { String($0.0) }
    }

    private static func line(of error: MixError, in root: FilePath) -> String {
        guard let file = error.file, let number = error.line, number > 0,
            let text = try? ProjectFile.text(root.appending(file))
        else { return "" }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }
}
