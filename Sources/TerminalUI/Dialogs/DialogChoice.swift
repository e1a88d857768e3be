/// A way out of a dialog, by a key.
package struct DialogChoice: Hashable, Sendable {
    /// The key that takes it.
    package let key: KeyChord
    /// What it does: a word or two.
    package let title: String

    /// A choice.
    package init(key: KeyChord, title: String) {
        self.key = key
        self.title = title
    }
}
