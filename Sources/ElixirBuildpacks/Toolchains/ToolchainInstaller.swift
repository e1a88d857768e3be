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
    private var server: String { supply.settings.builds }
    private var download: CheckedDownload {
        CheckedDownload(downloader: supply.downloader, isOffline: supply.settings.isOffline)
    }

    /// - Throws: `Failure`, `CancellationError`.
    func install() async throws -> Toolchain {
        do {
            try supply.root.makeFolders()
            removeLeftovers()
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
        let elixirs = need.elixir == nil ? [] : try await list(.elixir, "elixir")
        let (pick, release) = try await pick(elixirs)
        let archive = ToolchainArchive(runner: supply.runner, root: supply.root)
        if let erlang = pick.erlang, !isThere(ToolchainStore.folderName(erlang, release)) {
            let url = "\(server)/builds/otp/\(BuildTarget.current.architecture)/\(release)/\(erlang.name).tar.gz"
            try await fetch(erlang, url, .gzip) { file in
                try await archive.installErlang(
                    file, version: erlang.version, as: ToolchainStore.folderName(erlang, release))
            }
        }
        let erlangRoot = pick.erlang.map { supply.root.appending(ToolchainStore.folderName($0, release)) }
        if let elixir = pick.elixir, !isThere(ToolchainStore.folderName(elixir)) {
            guard let erlang = erlangRoot ?? machine?.erlangRoot else { throw unusable() }
            try await fetch(elixir, "\(server)/builds/elixir/\(elixir.name).zip", .zip) { file in
                try await archive.installElixir(
                    file, version: elixir.version, as: ToolchainStore.folderName(elixir), erlang: erlang)
            }
        }
        let elixirRoot = pick.elixir.map { supply.root.appending(ToolchainStore.folderName($0)) }
        guard let elixir = elixirRoot ?? machine?.elixirRoot, let erlang = erlangRoot ?? machine?.erlangRoot,
            let toolchain = Toolchain(elixirRoot: elixir, erlangRoot: erlang)
        else { throw unusable() }
        return toolchain
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
            let erlangs = try await list(.erlang, "otp/\(BuildTarget.current.architecture)/\(release)")
            do throws(Failure) {
                return (try ToolchainPick(need, elixirs: elixirs, erlangs: erlangs), release)
            } catch {
                first = first ?? error
            }
        }
        throw first ?? unusable()
    }

    /// A list, fetched; the one fetched last where the server cannot be reached.
    private func list(_ tool: RequestedVersion.Tool, _ folder: String) async throws -> [BuildList.Build] {
        let kept = supply.root.appending("\(folder.replacing("/", with: "-")).txt")
        let url = "\(server)/builds/\(folder)/builds.txt"
        let file = supply.root.appending(Self.temporaryName())
        defer { try? file.remove() }
        do {
            try await download.fetch(url, to: file, form: .text, limit: 64 << 20)
            guard let list = file.text.flatMap({ BuildList($0, of: tool) }) else {
                throw Failure(fetching: url, .page)
            }
            try file.move(to: kept)
            return list.builds
        } catch let problem as Failure where problem.code == .fetchFailed {
            guard let list = kept.text.flatMap({ BuildList($0, of: tool) }) else { throw problem }
            notice("\(problem.message); using the last list of builds")
            return list.builds
        }
    }

    // MARK: - Archives

    private func fetch(
        _ build: BuildList.Build, _ url: String, _ form: CheckedDownload.Form,
        install: (FilePath) async throws -> Void
    ) async throws {
        let file = supply.root.appending(Self.temporaryName())
        defer { try? file.remove() }
        notice("\(need.text) is not installed: fetching \(build.name) from \(url)")
        if build.digest == nil { notice("the list has no checksum for \(build.name); only its form is checked") }
        try await download.fetch(url, to: file, form: form, digest: build.digest.map { .sha256($0) })
        try await install(file)
        notice("\(build.name) is installed and kept for the next builds")
    }

    private func advice(_ problem: Failure) -> String {
        let own = problem.advice.map { "\($0)\n" } ?? ""
        return own + "set a mirror of builds.hex.pm: MIXPACK_BUILDS_URL=URL, or builds-url in config.toml"
    }

    // MARK: - Leftovers

    /// The name of something that is not complete; it tells which process makes it.
    static func temporaryName() -> String { ".part-\(getpid())-\(UInt32.random(in: 0 ... .max))" }

    /// Removes what processes that are gone have left.
    private func removeLeftovers() {
        for name in supply.root.names where name.hasPrefix(".part-") {
            let owner = name.split(separator: "-").dropFirst().first.flatMap { pid_t($0) }
            if let owner, kill(owner, 0) == 0 || errno == EPERM { continue }
            try? supply.root.appending(name).remove()
        }
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
