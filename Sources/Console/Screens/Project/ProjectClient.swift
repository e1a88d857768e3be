import Diagnostics
public import SystemPackage

/// What the Project screen asks of the world.
public struct ProjectClient: Sendable {
    /// Looks at a project: hands over what is known, again and again, until all is.
    public var inspect: @Sendable (FilePath) -> AsyncStream<ProjectInspection> = { path in
        AsyncStream {
            $0.yield(ProjectInspection(path: path, stage: .settled))
            $0.finish()
        }
    }
    /// Keeps that the user trusts a project, so that its code may run without a sandbox.
    public var trust: @Sendable (FilePath) async throws -> Void = { path in
        throw Failure(.refused, "cannot keep that \(path) is trusted")
    }
    /// The projects that were open before, newest first.
    public var recent: @Sendable () async -> [RecentProject] = { [] }
    /// Writes a project.toml from what the project is and what was chosen, and returns its path.
    ///
    /// It returns `nil`, and writes nothing, if one is there that it must not replace.
    public var writeFile: @Sendable (FilePath, Choices, _ replaces: Bool) async throws -> FilePath? = { path, _, _ in
        throw Failure(.refused, "cannot write to \(path)")
    }

    /// Creates a client that has nothing to offer.
    public init() {}
}

/// A project that was open before.
public struct RecentProject: Sendable, Hashable {
    /// Its folder.
    public var path: FilePath
    /// Its last image, if one was built.
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
