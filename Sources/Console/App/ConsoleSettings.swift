import Lifecycle
import SystemPackage
import TerminalUI

/// How the console behaves, from config.toml and flags.
package struct ConsoleSettings: Sendable, Hashable {
    /// The name of the theme to begin with.
    package var theme = "terminal"
    /// The themes to choose from.
    package var themes: [Theme] = [.terminal]
    /// Whether the mouse is the console's at the start.
    package var usesMouse = true
    /// Whether the mouse may ever be the console's (`--no-mouse`).
    package var allowsMouse = true
    /// Whether only ASCII is drawn, for locales that know no more.
    package var usesASCII = false
    /// Whether long lines of the log go on in the next row.
    package var wrapsLog = true
    /// What the user has chosen in the console before.
    package var preferences = ConsolePreferences()
    /// Whether builds follow whenever a file is saved, from the start on.
    package var watches = false
    /// Keys in place of the table's, by the action's name: `"log.follow" = ["f", "F"]`.
    package var keys: [String: [String]] = [:]
    /// After how many seconds of build the terminal's bell rings at the end; `nil` never rings.
    package var bellAfter: Double? = 20
    /// How fast recordings are played, from 0.25 to 64.
    package var replaySpeed: Double = 1

    /// Creates settings with their defaults.
    package init() {}
}

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

/// What the user chose for a project: there again at the next start.
///
/// Secrets are never among it.
package struct Choices: Sendable, Hashable, Codable {
    /// The image's name.
    package var image: String? = nil
    package var release: String? = nil
    /// The builder: a place or a name, `host` for mixpack's own buildpacks; `nil` says nothing.
    package var builder: String? = nil
    /// The builders of the last builds, the newest last.
    package var lastBuilders: [String]? = nil
    /// The platforms that the image is for; `nil` is this machine's.
    package var platforms: [String]? = nil
    /// The run image; `nil` is the one made from this machine.
    package var runImage: String? = nil
    /// The names in registries under which the run image is pushed too.
    package var publishedRunImages: [String]? = nil
    /// Programs of the machine that the image has; `nil` says nothing.
    package var runPrograms: [String]? = nil
    /// Extra tags for the image.
    package var tags: [String] = []
    /// The places to write to besides the image store.
    package var outputs: [String] = []
    /// Whether to load the image into a container engine where one answers.
    package var usesEngine: Bool = true
    /// The folder around the project that is copied with it.
    package var context: String? = nil
    /// Variables of the build that are not secret, by name.
    package var buildVariables: [String: String] = [:]
    /// Variables of the container that are not secret, by name.
    package var runVariables: [String: String] = [:]
    /// Where a secret comes from, by the variable's name.
    package var secretSources: [String: SecretSource] = [:]
    /// What containers are started with.
    package var run = RunOptions()

    /// What may be deleted at any time; the sources of secrets and the options of containers are kept elsewhere.
    enum CodingKeys: String, CodingKey {
        case image, release, builder, lastBuilders, platforms, runImage, publishedRunImages, runPrograms, tags, outputs,
            usesEngine, context, buildVariables, runVariables
    }
}

extension Choices {
    /// Choices that leave all open.
    package static let none = Choices()
}
