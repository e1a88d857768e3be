import BuildpackAPI
import Diagnostics
import Files
import Glibc
import MixInspection
import SystemPackage
import Toolchains

/// Fetches precompiled builds and installs them into the store: lists, archive, checksum, a folder of its own, one rename.
struct ToolchainInstaller {
    let supply: ToolchainSupply
    let need: ToolchainNeed
    let machine: Toolchain?
    let notice: @Sendable (String) -> Void

    private var store: ToolchainStore { ToolchainStore(root: supply.root) }
    private var server: BuildsServer {
        BuildsServer(root: supply.root, settings: supply.settings, downloader: supply.downloader, notice: notice)
    }

    /// - Throws: `Failure`, `CancellationError`.
    func install() async throws -> Toolchain {
        do {
            try supply.root.makeFolders()
            server.removeLeftovers()
            return try await installPicked()
        } catch let problem as Failure where problem.code == .fetchFailed {
            let reason =
                supply.settings.isOffline
                ? "is not installed, and mixpack may not use the network" : "must be fetched, and \(problem.message)"
            throw Failure(.noToolchain, "\(need.text) \(reason)", advice: advice(problem))
        } catch let error as Failure where [.unwritable, .unreadable].contains(error.code) {
            throw error.failing("cannot install \(need.text) in \(supply.root)", as: .cannotPlan)
        }
    }

    private func installPicked() async throws -> Toolchain {
        let elixirs = need.elixir == nil ? [] : try await server.list(.elixir, "elixir")
        let (pick, release) = try await pick(elixirs)
        let archive = ToolchainArchive(runner: supply.runner, root: supply.root, isSealed: supply.isSealed)
        if let erlang = pick.erlang, !isThere(ToolchainStore.folderName(erlang, release)) {
            try await server.fetch(
                erlang, server.archive(of: erlang, BuildTarget.current.architecture, release), .gzip, for: lack
            ) { file in
                try await archive.installErlang(
                    file, version: erlang.version, as: ToolchainStore.folderName(erlang, release))
                sayInstalled(erlang)
            }
        }
        let erlangRoot = pick.erlang.map { supply.root.appending(ToolchainStore.folderName($0, release)) }
        if let elixir = pick.elixir, !isThere(ToolchainStore.folderName(elixir)) {
            guard let erlang = erlangRoot ?? machine?.erlangRoot else { throw unusable() }
            try await server.fetch(elixir, server.url("elixir/\(elixir.name).zip"), .zip, for: lack) { file in
                try await archive.installElixir(
                    file, version: elixir.version, as: ToolchainStore.folderName(elixir), erlang: erlang)
                sayInstalled(elixir)
            }
        }
        let elixirRoot = pick.elixir.map { supply.root.appending(ToolchainStore.folderName($0)) }
        guard let elixir = elixirRoot ?? machine?.elixirRoot, let erlang = erlangRoot ?? machine?.erlangRoot,
            let toolchain = Toolchain(elixirRoot: elixir, erlangRoot: erlang)
        else { throw unusable() }
        return toolchain
    }

    private var lack: String { "\(need.text) is not installed" }

    private func sayInstalled(_ build: BuildList.Build) {
        notice("\(build.name) is installed and kept for the next builds")
    }

    private func isThere(_ name: String) -> Bool { supply.root.appending(name).leadsSomewhere }

    private func unusable() -> Failure {
        Failure(
            .noToolchain, "the installation in \(supply.root) is not complete",
            advice: "remove that folder and build again")
    }

    // MARK: - Lists

    /// Picks from the newest list whose builds run here; an older one where that has not what is asked for.
    private func pick(_ elixirs: [BuildList.Build]) async throws -> (ToolchainPick, release: String) {
        guard need.erlang != nil else { return (try ToolchainPick(need, elixirs: elixirs, erlangs: []), "") }
        let releases = UbuntuRelease.fitting(supply.library)
        guard !releases.isEmpty else {
            throw Failure(
                .noToolchain, "\(need.text) must be fetched, and there are no builds for this machine",
                advice: "they need glibc 2.35 or newer, and this is \(supply.library): install Erlang in another way")
        }
        var first: Failure?
        for release in releases {
            let erlangs = try await server.erlangs(BuildTarget.current.architecture, release)
            do throws(Failure) {
                return (try ToolchainPick(need, elixirs: elixirs, erlangs: erlangs), release)
            } catch {
                first = first ?? error
            }
        }
        throw first ?? unusable()
    }

    private func advice(_ problem: Failure) -> String {
        let own = problem.advice.map { "\($0)\n" } ?? ""
        return own + "set a mirror of builds.hex.pm: MIXPACK_BUILDS_URL=URL, or builds-url in config.toml"
    }
}

/// The Ubuntu releases that there are precompiled builds of Erlang/OTP for, and which of them run on this machine.
///
/// What is compiled with a C library runs with that one and with every newer one.
enum UbuntuRelease {
    private static let known: [(name: String, library: (Int, Int))] = [
        ("ubuntu-26.04", (2, 43)), ("ubuntu-24.04", (2, 39)), ("ubuntu-22.04", (2, 35)),
    ]

    /// The releases whose builds run with a C library of this version, newest first.
    static func fitting(_ version: String) -> [String] {
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 2 else { return [] }
        return known.filter { $0.library <= (numbers[0], numbers[1]) }.map(\.name)
    }

    static var machineLibrary: String {
        // "glibc 2.36"
        var text = [CChar](repeating: 0, count: 64)
        guard confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count) > 0 else { return "" }
        let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return words.split(separator: " ").last.map(String.init) ?? ""
    }
}
