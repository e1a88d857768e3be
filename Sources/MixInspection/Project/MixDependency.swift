/// A dependency of the project, as mix.exs names it or mix.lock pins it.
package struct MixDependency: Sendable, Hashable, Codable {
    package enum Source: String, Sendable, Hashable, Codable {
        case hex, git
        /// A folder, inside or outside of the project's.
        case path
        /// Another child of the same umbrella.
        case umbrella
    }

    package var name: String
    package var source: Source
    /// The version in mix.lock; for git, the commit.
    package var version: String?
    package var requirement: String?
    /// The URL of a git dependency, or the folder of one by path.
    package var location: String?
    /// The Hex organisation or repository, where it is not the public `hexpm`.
    package var repository: String?
    /// Whether a production build needs it.
    package var isForProduction = true
    /// Whether mix.exs of the project or of a child names it (`false`: only mix.lock does, for another dependency).
    package var isDirect = true
    /// Whether mix.exs says how it is compiled, with `compile:`, `app:` and the like, rather than the dependency itself.
    package var hasOwnBuild = false
}
