import Diagnostics
import Files
import MixInspection
import SystemPackage

/// Compares the version that was planned with the one that was built.
///
/// mix.exs is evaluated for the plan and again for the build. If it then says something else, what the user was shown is
/// not what is in the image.
struct VersionCheck {
    let planned: String?
    let built: String?
    /// The project's folder.
    let folder: FilePath
    /// Whether mix.exs was planned with values that were made up.
    let wasMadeUp: Bool

    /// - Parameter release: the folder of the release as mix assembled it.
    init(_ plan: ReleasePlan, _ release: FilePath, in folder: FilePath) {
        planned = plan.project.evidence == .evaluated ? plan.chosen.release.version : nil
        // Erlang's version, a space, the release's.
        built = release.appending("releases/start_erl.data").text?.split(whereSeparator: \.isWhitespace).last
            .map(String.init)
        wasMadeUp = plan.project.restsOnMadeUpSecrets
        self.folder = folder
    }

    /// Words of calls that answer differently each time.
    private static let clocks = [
        "utc_now", "utc_today", "local_time", "localtime", "universal_time", "universaltime", "os_time", "system_time",
        "monotonic_time", "timestamp", "unique_integer", ":rand.", "Enum.random", "strong_rand_bytes", "\"date\"",
    ]

    /// What the user should know of a difference that has a known reason.
    /// - Throws: `Failure` for any other difference.
    func difference() throws(Failure) -> Diagnostic? {
        guard let planned, let built, planned != built else { return nil }
        let text = "mix.exs says version \(planned) when the build is planned, and \(built) when it is built"
        let line = line(of: "version")
        if wasMadeUp || readsClock {
            let reason =
                wasMadeUp ? "the plan was made without the secrets that mix.exs asks for" : "it reads the clock"
            return Diagnostic(
                .warning, "\(text): \(reason)", file: "mix.exs", line: line,
                advice: "give the version as a variable that mix.exs reads, such as -e VERSION=…")
        }
        throw Failure(
            .buildFailed, text, at: Place("mix.exs", line: line),
            advice: "compute it only from the project's files, from git, or from variables that you give with -e")
    }

    private var mixFile: String { folder.appending("mix.exs").text ?? "" }

    private var readsClock: Bool { Self.clocks.contains { mixFile.contains($0) } }

    private func line(of word: String) -> Int? {
        let lines = mixFile.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.firstIndex { $0.contains("\(word):") }.map { $0 + 1 }
    }
}
