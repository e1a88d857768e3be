/// A child application of an umbrella.
package struct ChildApp: Sendable, Hashable, Codable {
    package var name: String
    /// Its folder, relative to the root.
    package var path: String
    package var version: String?
    package var usesPhoenix = false
    package var hasApplicationCallback = false
    package var hasAssets = false
    package var hasNativeCode = false
    /// The other children that it depends on (`in_umbrella: true`).
    package var umbrellaDependencies: [String] = []
    package var elixirRequirement: String?
}
