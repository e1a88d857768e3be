/// What the user chose for a project: there again at the next start.
///
/// Secrets are never among it.
package struct Choices: Sendable, Hashable, Codable {
    /// The image's name.
    package var image: String? = nil
    package var release: String? = nil
    /// The run image; `nil` is the one made from this machine.
    package var runImage: String? = nil
    /// More names for the image.
    package var tags: [String] = []
    /// The places to write to besides the image store.
    package var outputs: [String] = []
    /// Whether to load the image into a container engine where one answers.
    package var usesEngine: Bool = true
    /// Variables of the build that are not secret, by name.
    package var buildVariables: [String: String] = [:]
    /// Variables of the container that are not secret, by name.
    package var runVariables: [String: String] = [:]
    /// The command that prints a secret, by the variable's name.
    package var secretCommands: [String: String] = [:]
}
