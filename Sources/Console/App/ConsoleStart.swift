import Lifecycle
import SystemPackage

/// What the console opens on.
package enum ConsoleStart: Sendable {
    /// `mixpack [PATH]`: the Project screen.
    case project(FilePath)
    /// `mixpack [PATH]` with flags of a build: the Project screen, with what the flags say filled in.
    ///
    /// What they leave open is as it was chosen last time.
    case prepared(BuildRequest)
    /// `mixpack build IMAGE`: the Build screen, at work at once; asks only for what is missing.
    case build(BuildRequest)
    /// `mixpack inspect IMAGE`: the Image screen on an image of the store, a layout or an archive.
    case image(place: String)
    /// `mixpack replay FILE`: the Build screen, fed from a recording.
    case replay(name: String, events: [LifecycleEvent])
}
