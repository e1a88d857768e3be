/// A dependency of the project, as mix.exs names it or mix.lock pins it.
public struct MixDependency: Sendable, Hashable, Codable {
    /// Where it comes from.
    public enum Source: String, Sendable, Hashable, Codable {
        case hex, git
        /// A folder, inside or outside of the project's.
        case path
        /// Another child of the same umbrella.
        case umbrella
    }

    /// The dependency's name.
    public var name: String
    /// Where it comes from.
    public var source: Source
    /// The version in mix.lock; for git, the commit.
    public var version: String?
    /// The requirement in mix.exs.
    public var requirement: String?
    /// The URL of a git dependency, or the folder of one by path.
    public var location: String?
    /// The Hex organisation or repository, where it is not the public `hexpm`.
    public var repository: String?
    /// Whether a production build needs it.
    public var isForProduction: Bool
    /// Whether mix.exs of the project or of a child names it (`false`: only mix.lock does, for another dependency).
    public var isDirect: Bool

    /// Creates a dependency.
    public init(
        name: String, source: Source, version: String? = nil, requirement: String? = nil, location: String? = nil,
        repository: String? = nil, isForProduction: Bool = true, isDirect: Bool = true
    ) {
        self.name = name
        self.source = source
        self.version = version
        self.requirement = requirement
        self.location = location
        self.repository = repository
        self.isForProduction = isForProduction
        self.isDirect = isDirect
    }
}
