/// An image as it was before the last build, to compare with.
public struct EarlierImage: Sendable, Hashable {
    /// How long ago it was built, in words.
    public var age: String
    /// What it holds.
    public var contents: ImageContents

    /// Creates an earlier image.
    public init(age: String, contents: ImageContents) {
        self.age = age
        self.contents = contents
    }
}
