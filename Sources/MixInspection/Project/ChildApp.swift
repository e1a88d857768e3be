/// A child application of an umbrella.
public struct ChildApp: Sendable, Hashable, Codable {
    /// The application's name.
    public var name: String
    /// Its folder, relative to the root.
    public var path: String
    /// Its version.
    public var version: String?
    /// Whether it uses Phoenix itself.
    public var usesPhoenix: Bool
    /// Whether it has an application callback.
    public var hasApplicationCallback: Bool
    /// Whether it has assets to deploy.
    public var hasAssets: Bool
    /// Whether it has native code.
    public var hasNativeCode: Bool
    /// The other children that it depends on (`in_umbrella: true`).
    public var umbrellaDependencies: [String]
    /// Its `elixir:` requirement.
    public var elixirRequirement: String?

    /// Creates a child.
    public init(
        name: String, path: String, version: String? = nil, usesPhoenix: Bool = false,
        hasApplicationCallback: Bool = false, hasAssets: Bool = false, hasNativeCode: Bool = false,
        umbrellaDependencies: [String] = [], elixirRequirement: String? = nil
    ) {
        self.name = name
        self.path = path
        self.version = version
        self.usesPhoenix = usesPhoenix
        self.hasApplicationCallback = hasApplicationCallback
        self.hasAssets = hasAssets
        self.hasNativeCode = hasNativeCode
        self.umbrellaDependencies = umbrellaDependencies
        self.elixirRequirement = elixirRequirement
    }
}
