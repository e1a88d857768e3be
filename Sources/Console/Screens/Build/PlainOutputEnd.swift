/// Why the printing of a build as plain lines came to its end.
public enum PlainOutputEnd: Sendable, Hashable {
    /// The user wants the console back; the build goes on.
    case back
    /// The build has ended, and its end has been told.
    case ended
}
