import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage
import Toolchains

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
        let words = Self.names(in: error.message) + Self.names(in: tree.line(of: error))
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
}

/// The program without which mix.exs does not go on, read off its error and the line that raised it.
struct MissingProgram {
    let name: String

    init?(_ error: Failure, in tree: ProjectTree) {
        guard error.message.contains(":enoent"),
            let call = tree.line(of: error).firstMatch(of: /System\.cmd\(?\s*"([^"\/]+)"/)
        else { return nil }
        name = String(call.1)
        // A folder that is not there, for cd:, is the same error.
        guard ProgramLookup(searchPath: nil).find(FilePath(name)) == nil else { return nil }
    }

    /// The error in the user's words.
    func told(_ error: Failure) -> Failure {
        var error = error
        error.message = "mix.exs starts \(name), which this system does not have"
        error.advice =
            PackageManager.Need(rawValue: name).map(PackageManager([:]).advice)
            ?? "install \(name) where the system looks for programs (\(ProgramLookup.systemPath))"
        return error
    }
}

extension ProjectTree {
    /// The line that raised an error, where that is in one of the project's scripts; else nothing.
    fileprivate func line(of error: Failure) -> String {
        guard let file = error.place?.file, let number = error.place?.line, number > 0, settings.contains(file),
            let text = try? ProjectFile.text(root.appending(file))
        else { return "" }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }
}
