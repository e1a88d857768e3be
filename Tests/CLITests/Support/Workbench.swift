import SystemPackage
import TestSupport

/// A folder with a mixpack of its own in it, for one test.
struct Workbench: Sendable {
    /// Where the installed release lies in an image.
    static let release = "/layers/io.github.carlo-colombo.mix-release/release"

    let folder: FilePath
    var mixpack: MixpackProgram

    /// Runs `body` in a new folder.
    static func run<Result>(_ body: (Workbench) async throws -> Result) async throws -> Result {
        try await withTemporaryFolder { folder in
            try await body(Workbench(folder: folder, mixpack: try MixpackProgram(home: folder)))
        }
    }

    /// Copies a sample into the folder.
    func sample(_ sample: SampleProject, as name: String? = nil) throws -> FilePath {
        let project = folder.appending(name ?? sample.rawValue)
        try sample.copy(to: project)
        return project
    }

    /// Writes a small project into the folder.
    func mini(_ name: String = "mini", _ change: (inout MiniProject) -> Void = { _ in }) throws -> FilePath {
        var project = MiniProject()
        change(&project)
        let place = folder.appending(name)
        try project.write(to: place)
        return place
    }

    /// Writes a buildpack with one layer and one process.
    /// - Parameter command: the process's, as TOML.
    func launchBuildpack(command: String = #"["/bin/sh"]"#) throws -> FilePath {
        let place = folder.appending("bp")
        try place.appending("buildpack.toml").write(
            "api = \"0.12\"\n[buildpack]\nid = \"test/bp\"\nversion = \"1.0.0\"\n")
        try place.appending("bin/detect").write("#!/bin/sh\n", mode: 0o755)
        try place.appending("bin/build").write(
            """
            #!/bin/sh
            mkdir "$1/l" && echo x > "$1/l/file" && printf '[types]\\nlaunch = true\\n' > "$1/l.toml"
            cat > "$1/launch.toml" <<'END'
            [[processes]]
            type = "web"
            command = \(command)
            default = true
            END
            """, mode: 0o755)
        return place
    }

    /// Builds an image into an OCI layout of its own, and reads it.
    /// - Throws: `TestSupportError` with what was printed, when the build fails.
    func build(
        _ project: FilePath, as name: String = "image", _ arguments: [String] = [], into layout: String = "layout"
    ) async throws -> ImageFacts {
        let place = folder.appending(layout)
        _ = try await tryBuild(project, as: name, arguments + ["--output", "oci:\(place):\(name)"]).succeeded()
        return try ImageFacts(layout: place, tag: name)
    }

    /// Builds an image, whatever comes of it; to the image store alone, but for what `arguments` say.
    func tryBuild(
        _ project: FilePath, as name: String = "image", _ arguments: [String] = [],
        environment: [String: String?] = [:]
    ) async throws -> ProgramEnd {
        try await mixpack.run(["build", name, "--path", project.string] + arguments, environment: environment)
    }
}
