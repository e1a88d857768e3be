/// A child application of an umbrella.
package struct ChildApp: Sendable, Hashable, Codable {
    /// The application's name.
    package var name: String
    /// Its folder, relative to the root.
    package var path: String
    package var version: String?
    /// Whether it uses Phoenix itself.
    package var usesPhoenix: Bool
    /// Whether it has an application callback.
    package var hasApplicationCallback: Bool
    /// Whether it has assets to deploy.
    package var hasAssets: Bool
    /// Whether it has native code.
    package var hasNativeCode: Bool
    /// The other children that it depends on (`in_umbrella: true`).
    package var umbrellaDependencies: [String]
    /// Its `elixir:` requirement.
    package var elixirRequirement: String?

    package init(
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
