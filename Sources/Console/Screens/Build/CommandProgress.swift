/// A command that a build ran.
public struct CommandProgress: Sendable, Hashable {
    /// Its id in the build.
    public var id: Int
    /// The buildpack that ran it.
    public var buildpack: String
    /// What was run, secrets masked.
    public var text: String
    /// When it began, in seconds since the build began.
    public var start: Double
    /// Its exit status; `nil` while it runs.
    public var status: Int32?
    /// How long it ran; `nil` while it runs.
    public var seconds: Double?
}
