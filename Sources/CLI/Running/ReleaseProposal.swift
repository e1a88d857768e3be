import MixInspection
import SystemPackage

/// The `releases:` entry that an umbrella lacks: shown as a diff, and written because a flag says yes.
struct ReleaseProposal {
    let wiring: Wiring
    let project: FilePath

    /// Writes it where the project has no releases; a project that has some stays as it is.
    /// - Parameter tell: takes the diff, before anything is written.
    func write(tell: (String) -> Void) async throws {
        let detection = await Detection.make(project, release: nil, wiring: wiring)
        guard let mix = detection.project, mix.kind == .umbrella, !mix.releases.contains(where: \.isDefined) else {
            return tell("mix.exs is left as it is: only an umbrella without releases needs an entry")
        }
        let edit = try MixFileEdit(addingReleaseTo: mix, in: project)
        tell(edit.difference)
        try edit.write()
    }
}
