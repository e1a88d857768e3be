import Commands
import MixInspection
import SystemPackage

/// Where the Elixir and Erlang come from that a machine lacks: a folder that keeps them, and a server that has them.
package struct ToolchainSupply: Sendable {
    /// The folder that keeps what was installed, for all projects.
    let root: FilePath
    let settings: DownloadSettings
    let downloader: any Downloader
    let runner: any CommandRunner
    /// The version of the C library that builds must run with.
    let library: String

    /// Creates a supply.
    /// - Parameters:
    ///   - root: a folder that keeps what was installed; made where it is missing.
    ///   - settings: the server, and whether the network may be used.
    ///   - library: the version of the C library, such as `2.36`; by default this machine's.
    package init(
        root: FilePath, settings: DownloadSettings, downloader: any Downloader, runner: any CommandRunner,
        library: String? = nil
    ) {
        self.root = root
        self.settings = settings
        self.downloader = downloader
        self.runner = runner
        self.library = library ?? UbuntuRelease.machineLibrary
    }

    /// The layer of the Erlang runtime that keeps what was installed, on platforms that keep layers only.
    static let layerName = "toolchains"

    /// Where toolchains are kept among the layers of all buildpacks; a place that is never there where there are none.
    package static func root(inLayers layers: FilePath?) -> FilePath {
        (layers ?? "/layers").appending(BuildpackID.erlangRuntime).appending(layerName)
    }

    /// The toolchain that meets a need without the network; `nil` where something is yet to be fetched.
    func toolchain(for need: ToolchainNeed, machine: Toolchain?) -> Toolchain? {
        let store = ToolchainStore(root: root)
        guard let pick = try? ToolchainPick(need, elixirs: store.elixirs, erlangs: store.erlangs) else { return nil }
        return store.toolchain(pick, machine: machine)
    }

    /// The toolchain that meets a need, installed first where that is needed.
    /// - Parameter notice: told what is fetched, and from where, before it is.
    /// - Throws: `Failure` that says in one line what could not be had, `CancellationError`.
    func provide(
        _ need: ToolchainNeed, machine: Toolchain?, settings: DownloadSettings,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> Toolchain {
        if let there = toolchain(for: need, machine: machine) { return there }
        let supply = ToolchainSupply(
            root: root, settings: settings, downloader: downloader, runner: runner, library: library)
        return try await ToolchainInstaller(supply: supply, need: need, machine: machine, notice: notice).install()
    }
}
