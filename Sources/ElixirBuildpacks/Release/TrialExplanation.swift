import BuildpackAPI
import Diagnostics
import MixInspection

/// Says why a release did not work when it was tried, out of what it printed.
struct TrialExplanation {
    let failure: TrialFailure

    private static let configuration = "config/runtime.exs"

    /// How bad it is that a trial lacks what a container may have: a start was asked for, other trials were not.
    private var severity: Diagnostic.Severity { failure.trial.occasion == .asked ? .error : .warning }

    /// The cause; `nil` where the output tells none.
    var diagnostic: Diagnostic? {
        missingVariable ?? changedConfiguration ?? missingLibrary ?? missingTool ?? takenPort ?? misunderstoodValue
            ?? missingNetwork ?? raised
    }

    private var missingVariable: Diagnostic? {
        let patterns: [Regex<(Substring, Substring)>] = [
            /could not fetch environment variable "([A-Za-z_][A-Za-z0-9_]*)"/,
            /'Elixir\.System\.EnvError',env ?=> ?<<"([A-Za-z_][A-Za-z0-9_]*)">>/,
            /variable [`"']?([A-Z][A-Z0-9_]*)[`"']? (?:is|was) (?:missing|not set|required)/,
            /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+) (?:is|was) (?:missing|not set|required)/,
            /: ([A-Za-z_][A-Za-z0-9_]*): (?:parameter not set|unbound variable|parameter null or not set)/,
        ]
        guard let name = first(patterns) else { return nil }
        return Diagnostic(
            severity, "the variable \(name) is missing", file: isFromProvider ? Self.configuration : nil,
            line: isFromProvider ? configurationLine : nil,
            advice:
                "mixpack makes up values only for variables whose names are in the code; give this one: -e \(name)=VALUE"
        )
    }

    private var changedConfiguration: Diagnostic? {
        let pattern =
            /application (:\S+) has a different value set for (?:path \[[^\n]*?\] inside )?key (\S+) during runtime/
        guard let match = failure.output.firstMatch(of: pattern) else { return nil }
        return Diagnostic(
            .error, "config \(match.1), \(match.2) has another value at run time than at compile time",
            file: Self.configuration,
            advice: "Application.compile_env reads it: set it in config/config.exs or config/prod.exs only, "
                + "or read it with Application.get_env")
    }

    private var missingLibrary: Diagnostic? {
        let patterns: [Regex<(Substring, Substring)>] = [
            /error while loading shared libraries: ([^\s:]+)/,
            /([^\s:'"]+\.so[.0-9]*): cannot open shared object file/,
        ]
        guard let name = first(patterns) else { return nil }
        return Diagnostic(
            .error, "the run image has no library \(name)",
            advice: "use a run image that has it (--run-image), or the one made from this machine")
    }

    private var missingTool: Diagnostic? {
        guard failure.status == 127, let name = first([/([A-Za-z0-9_.\-]+): (?:command )?not found/]) else {
            return nil
        }
        return Diagnostic(
            .error, "the release's scripts call \(name), which the run image does not have",
            advice: "remove it from rel/env.sh.eex, or use a run image that has it (--run-image)")
    }

    private var takenPort: Diagnostic? {
        guard failure.output.contains("eaddrinuse") else { return nil }
        let port = first([/(?i)\bport[^0-9\n]{1,4}([0-9]{2,5})\b/]).map { "port \($0)" } ?? "a port"
        return Diagnostic(
            .error, "\(port) is already in use: two parts of the release listen on it\(place)",
            advice: "give each its own port")
    }

    /// What the configuration made of a value that was made up.
    private var misunderstoodValue: Diagnostic? {
        guard isFromProvider, !failure.trial.madeUp.isEmpty, let words = exception else { return nil }
        let suspects = suspects(words)
        let value = suspects.count == 1 ? "the made-up value of \(suspects[0])" : "a made-up value"
        return Diagnostic(
            .error, "the configuration does not accept \(value): \(words)", file: Self.configuration,
            line: configurationLine,
            advice: "give \(suspects.count == 1 ? "the real value" : "the real values"): "
                + suspects.map { "-e \($0)=VALUE" }.joined(separator: " "))
    }

    /// The variables whose made-up values can be meant, as far as the output says.
    private func suspects(_ words: Substring) -> [String] {
        let madeUp = failure.trial.madeUp
        let named = madeUp.filter { name in
            failure.output.ranges(of: name).contains { range in
                let output = failure.output
                func isPart(_ character: Character?) -> Bool { character.map { $0.isLetter || $0 == "_" } ?? false }
                let before =
                    range.lowerBound == output.startIndex ? nil : output[output.index(before: range.lowerBound)]
                return !isPart(before) && !isPart(range.upperBound == output.endIndex ? nil : output[range.upperBound])
            }
        }
        if !named.isEmpty { return named }
        // A number was wanted: what is one already cannot be it.
        let wantsNumber = words.contains("integer") || words.contains("number") || words.contains("float")
        let words = madeUp.filter { !wantsNumber || Int(MadeUpValue.value(for: $0)) == nil }
        return words.isEmpty ? madeUp : words
    }

    private var missingNetwork: Diagnostic? {
        let signs = [
            "nxdomain", "enetunreach", "econnrefused", "DBConnection.ConnectionError", "Could not resolve host",
            "emporary failure in name resolution", "Name or service not known", "Network is unreachable",
            "Connection refused", "bad address",
        ]
        guard let sign = signs.first(where: failure.output.contains) else { return nil }
        return Diagnostic(
            severity, "the release uses the network while it starts, and the trial has none (\(sign))\(place)",
            advice: severity == .error
                ? "mixpack cannot try a release that needs other machines to start: build without --try-start"
                : "in a container it may work")
    }

    private var raised: Diagnostic? {
        exception.map { Diagnostic(.error, "\($0)\(place)", advice: "see the whole output above") }
    }

    // MARK: Reading

    /// Whether a file of the configuration raised it.
    private var isFromProvider: Bool { failure.output.contains("Config provider") }

    /// The line of config/runtime.exs that the output names first.
    private var configurationLine: Int? {
        failure.output.firstMatch(of: /runtime\.exs:([0-9]+)/).flatMap { Int($0.1) }
    }

    private var exception: Substring? {
        let match = failure.output.firstMatch(of: /\*\* \((?!EXIT\))[A-Za-z0-9_.]+\) ([^\n]+)(?:\n\n +\* ([^\n]+))?/)
        return match.map { $0.2 ?? $0.1 }
    }

    /// The first line of the release's own code that the output names, as a clause.
    private var place: String {
        let pattern = /\((\w+) [0-9][^)\s]*\) ((?:lib|src)\/[^\s:]+:[0-9]+)/
        let system: Set<Substring> = ["elixir", "stdlib", "kernel", "logger", "ssl", "ranch"]
        let frame = failure.output.matches(of: pattern).first { !system.contains($0.1) }
        return frame.map { ", at \($0.2) of \($0.1)" } ?? ""
    }

    private func first(_ patterns: [Regex<(Substring, Substring)>]) -> Substring? {
        patterns.lazy.compactMap { failure.output.firstMatch(of: $0)?.1 }.first
    }
}
