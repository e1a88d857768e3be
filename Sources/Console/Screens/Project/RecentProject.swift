public import SystemPackage

/// A project that was open before.
public struct RecentProject: Sendable, Hashable {
    /// Its folder.
    public var path: FilePath
    /// Its last image, where one was built.
    public var image: String?
    /// How long ago it was open, in words, for example `2 h ago`.
    public var age: String

    /// Creates a recent project.
    public init(path: FilePath, image: String? = nil, age: String) {
        self.path = path
        self.image = image
        self.age = age
    }
}
