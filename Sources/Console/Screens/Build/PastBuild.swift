/// A build of the project that ended before: an entry of the list of past builds.
public struct PastBuild: Sendable, Hashable {
    /// How it ended.
    public enum Ending: String, Sendable, Hashable, Codable {
        case finished, failed, cancelled
    }

    /// What it is called by: the name of its recording.
    public var id: String
    /// The image's name.
    public var image: String
    /// How long ago it began, in words.
    public var age: String
    /// How it ended.
    public var ending: Ending
    /// How long it took, in seconds.
    public var seconds: Double
    /// The seconds of each phase, by the phase's name.
    public var phaseSeconds: [String: Double]
    /// The image's ID, short, where it has one.
    public var digest: String?

    /// Creates a past build.
    public init(
        id: String, image: String, age: String, ending: Ending, seconds: Double, phaseSeconds: [String: Double] = [:],
        digest: String? = nil
    ) {
        self.id = id
        self.image = image
        self.age = age
        self.ending = ending
        self.seconds = seconds
        self.phaseSeconds = phaseSeconds
        self.digest = digest
    }
}
