import SystemPackage
import TestSupport

/// `podman build` of the usual multi-stage Dockerfile, on base images of this distribution's packages.
struct PodmanContender: Contender {
    let name = "podman build"
    private let podman: FilePath
    private let options: [String]
    private let folder: FilePath

    /// Makes the base images.
    /// - Throws: `TestSupportError` when a tool is missing or the packages cannot be had.
    init(in folder: FilePath) async throws {
        self.folder = folder
        podman = try findTool("podman")
        let runtime = folder.appending("runtime")
        try runtime.write(RuntimeScript.text(runc: try findTool("runc")), mode: 0o755)
        options = [
            "--root", "\(folder)/root", "--runroot", "\(folder)/run", "--tmpdir", "\(folder)/tmp",
            "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime", runtime.string,
        ]
        let base = try await BaseArchives(in: folder.appending("bases"))
        _ = try await podman("import", base.build.string, "localhost/bench-build").succeeded()
        _ = try await podman("import", base.run.string, "localhost/bench-run").succeeded()
        try folder.appending("bases").remove()
    }

    func forget(_ project: BenchProject) async throws {
        _ = try await podman("rmi", "-f", "bench-\(project.name)")
        _ = try await podman("image", "prune", "-f")
    }

    func build(_ project: BenchProject) async throws -> Double {
        let dockerfile = folder.appending("Dockerfile")
        try dockerfile.write(Self.dockerfile(app: project.name == "hello" ? "hello" : "many"))
        try project.folder.appending(".dockerignore").write("_build\ndeps\n")
        return try await podman(
            "build", "--layers", "--network=none", "-f", dockerfile.string, "-t", "bench-\(project.name)",
            project.folder.string
        ).succeeded().seconds
    }

    /// Removes its images and mounts.
    func end() async {
        _ = try? await podman("system", "reset", "-f")
    }

    private func podman(_ arguments: String...) async throws -> ProgramEnd {
        try await run(
            podman, options + arguments, environment: ["XDG_RUNTIME_DIR": nil, "CONTAINER_HOST": nil],
            within: .seconds(300))
    }

    private static func dockerfile(app: String) -> String {
        """
        FROM localhost/bench-build AS build
        ENV MIX_ENV=prod LANG=C.UTF-8
        WORKDIR /app
        COPY mix.exs ./
        RUN mix deps.compile
        COPY lib lib
        RUN mix compile && mix release

        FROM localhost/bench-run
        ENV LANG=C.UTF-8
        WORKDIR /app
        COPY --from=build /app/_build/prod/rel/\(app) ./
        CMD ["/app/bin/\(app)", "start"]

        """
    }
}
