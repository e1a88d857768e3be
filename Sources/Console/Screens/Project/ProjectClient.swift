import Diagnostics
import SystemPackage

/// What the Project screen asks of the world.
package struct ProjectClient: Sendable {
    /// Looks at a project, and at the folder around it that is copied with it: hands over what is known, again and again,
    /// until all is.
    package var inspect: @Sendable (FilePath, _ context: FilePath?) -> AsyncStream<ProjectInspection> = { path, _ in
        AsyncStream {
            $0.yield(ProjectInspection(path: path, stage: .settled))
            $0.finish()
        }
    }
    /// Keeps that the user trusts a project, so that its code may run without a sandbox.
    package var trust: @Sendable (FilePath) async throws -> Void = { path in
        throw Failure(.refused, "cannot keep that \(path) is trusted")
    }
    /// The projects that were open before, newest first.
    package var recent: @Sendable () async -> [RecentProject] = { [] }
    /// Writes a project.toml from what the project is and what was chosen, and returns its path.
    ///
    /// It returns `nil`, and writes nothing, if one is there that it must not replace.
    package var writeFile: @Sendable (FilePath, Choices, _ replaces: Bool) async throws -> FilePath? = { path, _, _ in
        throw Failure(.refused, "cannot write to \(path)")
    }

    /// Creates a client that has nothing to offer.
    package init() {}
}

/// A project that was open before.
package struct RecentProject: Sendable, Hashable {
    /// Its folder.
    package var path: FilePath
    /// Its last image, if one was built.
    package var image: String?
    /// How long ago it was open, in words, for example `2 h ago`.
    package var age: String

    package init(path: FilePath, image: String? = nil, age: String) {
        self.path = path
        self.image = image
        self.age = age
    }
}
