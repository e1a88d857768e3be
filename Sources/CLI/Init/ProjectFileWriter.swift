import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage

/// Writes project.toml; never over another one without a yes.
struct ProjectFileWriter {
    let wiring: Wiring
    let project: FilePath

    var path: FilePath { project.appending("project.toml") }

    /// Whether there is one already.
    var isThere: Bool { FileManager.default.fileExists(atPath: path.string) }

    /// Writes it out of what the project is and what was chosen.
    /// - Parameter replaces: whether a file that is there is replaced.
    /// - Throws: `Failure` when there is a file, or no project.
    func write(release: String?, variables: [String: String], replaces: Bool) async throws {
        guard replaces || !isThere else {
            throw Failure(.usage, "project.toml already exists", advice: "replace it with --yes")
        }
        let detection = await Detection.make(project, release: release, wiring: wiring)
        guard let mix = detection.project else {
            throw detection.error ?? Failure(.notMixProject, "no mix project in \(project)")
        }
        if let error = detection.error, error.code == .unknownRelease { throw error }
        // One release needs no name; of several, the default is named, so that the file says what is built.
        let isOneOfSeveral = mix.releases.filter(\.isDefined).count > 1
        let text = ProjectFileText(
            project: mix, release: isOneOfSeveral ? release ?? detection.release : release, variables: variables
        ).text
        do {
            try Data(text.utf8).write(to: URL(filePath: path.string), options: .atomic)
        } catch {
            throw Failure(.usage, "cannot write \(path)", advice: "check the permissions of the folder")
        }
    }
}
