import LayerArchive
import OCIImage
import RunImages
import SystemPackage
import TestSupport

/// A release, built by mix on this machine, in an image on top of the machine's run image.
struct ReleaseImage {
    static let home = "/layers/io.github.carlo-colombo.mix-release/release"

    /// The release's folder on the machine.
    let release: FilePath
    let runImage: Image
    let store: ImageStore
    let reference: Reference

    /// Builds both below a folder.
    init(in folder: FilePath) async throws {
        release = try await Self.buildRelease(in: folder)
        store = ImageStore(root: folder.appending("images"))
        reference = try Reference("mini")
        let maker = MachineRunImage(
            erlangRoot: "/usr/lib/erlang", store: store, record: folder.appending("run-image.json"),
            searchPath: "/usr/bin:/bin")
        runImage = try await maker.image { _ in }.image
        try await writeImage()
    }

    /// An application that says where it is and which encoding it has, and needs OpenSSL's library to start.
    private static func buildRelease(in folder: FilePath) async throws -> FilePath {
        var project = MiniProject()
        project.projectKeys = ", releases: [mini: [applications: [ssl: :permanent, runtime_tools: :permanent]]]"
        project.files["lib/mini.ex"] = """
            defmodule Mini do
              use Application

              def start(_type, _arguments) do
                digest = Base.encode16(:crypto.hash(:md5, "mini"))
                encoding = Keyword.get(:io.getopts(), :encoding)
                IO.puts("started #{System.pid()} #{digest} #{encoding} #{:file.native_name_encoding()} é")
                Supervisor.start_link([], strategy: :one_for_one)
              end

              def stop(_state), do: IO.puts("stopped in order")
            end
            """
        let source = folder.appending("mini")
        try project.write(to: source)
        let release = folder.appending("release")
        _ = try await run(
            try findTool("mix", package: "elixir"), ["release", "--quiet", "--path", release.string],
            environment: ["MIX_ENV": "prod", "MIX_HOME": folder.appending("mix").string, "LC_ALL": "C.UTF-8"],
            workingDirectory: source
        ).succeeded()
        return release
    }

    private func writeImage() async throws {
        let launcher = try LauncherBinary.locate(executable: "/proc/self/exe")
        let user = Owner(user: 1000, group: 1000)
        let metadata = """
            [[buildpacks]]
            id = "io.github.carlo-colombo.mix-release"
            version = "0.1.0"
            api = "0.10"
            [[processes]]
            type = "web"
            command = ["\(Self.home)/bin/mini", "start"]
            direct = true
            buildpack-id = "io.github.carlo-colombo.mix-release"
            """
        let contents = LayerContents([
            .directory("/cnb", mode: 0o755, owner: .root),
            .directory("/cnb/lifecycle", mode: 0o755, owner: .root),
            .copy(launcher, path: "/cnb/lifecycle/launcher", mode: 0o755, owner: .root),
            .directory("/cnb/process", mode: 0o755, owner: .root),
            .symlink(target: "/cnb/lifecycle/launcher", path: "/cnb/process/web", mode: 0o755, owner: .root),
            .directory("/layers", mode: 0o755, owner: .root),
            .directory("/layers/config", mode: 0o755, owner: .root),
            .file(Array(metadata.utf8), path: "/layers/config/metadata.toml", mode: 0o644, owner: .root),
            .directory("/layers/io.github.carlo-colombo.mix-release", mode: 0o755, owner: .root),
            .tree(release, at: Self.home, owner: user, rule: nil),
            .directory(Self.home + "/env.launch", mode: 0o755, owner: user),
            .directory(Self.home + "/env.launch/web", mode: 0o755, owner: user),
            .file(
                Array("stop".utf8), path: Self.home + "/env.launch/web/MIXPACK_CTRL_C.default", mode: 0o644, owner: user
            ),
            .directory("/workspace", mode: 0o755, owner: user),
        ])
        let transaction = try store.begin()
        var builder = ImageBuilder(base: runImage)
        builder.append(try await transaction.addLayer(contents, expecting: nil).layer)
        builder.configuration.config.entrypoint = ["/cnb/process/web"]
        builder.configuration.config.setVariable("CNB_PLATFORM_API", to: "0.15")
        builder.configuration.config.setVariable("RELEASE_DISTRIBUTION", to: "none")
        try await transaction.commit(try builder.image(), as: [reference])
    }

    /// Unpacks the image for runc.
    func bundle(in folder: FilePath) async throws -> ImageBundle {
        let layout = store.layout(of: reference)
        return try await ImageBundle(layout: layout.path, tag: layout.tag ?? "latest", unpackedTo: folder)
    }
}
