/// A way out of a dialog, by a key.
public struct DialogChoice: Hashable, Sendable {
    /// The key that takes it.
    public let key: KeyChord
    /// What it does: a word or two.
    public let title: String

    /// A choice.
    public init(key: KeyChord, title: String) {
        self.key = key
        self.title = title
    }
}
