import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// Fetches Hex and rebar3 as mix itself would, but checked, without a prompt, and by mixpack's own client.
struct ToolFetch {
    enum Tool {
        case hex, rebar3

        var name: String {
            switch self {
            case .hex: "Hex"
            case .rebar3: "rebar3"
            }
        }

        /// The task by which mix fetches it itself.
        var fetchingTask: [String] {
            switch self {
            case .hex: ["local.hex"]
            case .rebar3: ["local.rebar", "rebar3"]
            }
        }

        /// The task by which mix installs a file that was fetched.
        var installingTask: [String] { self == .hex ? ["archive.install"] : fetchingTask }
    }

    let downloader: any Downloader
    let settings: DownloadSettings
    let elixirVersion: String
    let otpMajor: Int

    /// Fetches the newest version that fits the toolchain.
    /// - Parameters:
    ///   - folder: takes the file.
    ///   - notice: told what is fetched, before it is.
    /// - Returns: the file, named as its server names it.
    /// - Throws: `Failure` of code `fetchFailed` or `unwritable`, `CancellationError`.
    func fetch(_ tool: Tool, into folder: FilePath, notice: @Sendable (String) -> Void) async throws -> FilePath {
        let download = CheckedDownload(downloader: downloader, isOffline: settings.isOffline)
        try folder.makeFolders()
        let listURL = "\(server)/installs/\(listName(tool))"
        let listFile = folder.appending("list.csv")
        defer { try? listFile.remove() }
        try await download.fetch(listURL, to: listFile, form: .text, limit: 16 << 20)
        guard let list = listFile.text.flatMap(InstallList.init) else { throw Failure(fetching: listURL, .page) }
        guard let row = list.newest(elixir: elixirVersion, otpMajor: otpMajor) else {
            throw Failure(fetching: "\(server)/\(tool.name) for Elixir \(elixirVersion)", .missing)
        }
        let name = fileName(tool, row)
        let url = "\(server)/installs/\(row.elixir)/\(name)"
        notice("\(tool.name) is not installed: fetching \(name) from \(url)")
        let file = folder.appending(name)
        try await download.fetch(
            url, to: file, form: tool == .hex ? .zip : .script, digest: .sha512(row.digest), limit: 64 << 20)
        return file
    }

    private var minor: Int { elixirVersion.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 0 }

    /// Elixir 1.15 moved from the packages' server to that of the builds.
    private var server: String {
        if minor <= 14 { return settings.hex ?? "https://repo.hex.pm" }
        return settings.builds == DownloadSettings().builds ? settings.hex ?? settings.builds : settings.builds
    }

    private func listName(_ tool: Tool) -> String {
        switch tool {
        case .hex: minor >= 18 ? "hex.csv" : "hex-1.x.csv"
        case .rebar3: minor >= 18 ? "rebar.csv" : "rebar3-1.x.csv"
        }
    }

    private func fileName(_ tool: Tool, _ row: InstallList.Row) -> String {
        let suffix = row.otpMajor.map { "-otp-\($0)" } ?? ""
        return tool == .hex ? "hex-\(row.version)\(suffix).ez" : "rebar3-\(row.version)\(suffix)"
    }
}

extension ToolFetch {
    /// The fetching of a build; `nil` where nothing was handed in that could.
    init?(_ supply: ToolchainSupply?, _ context: BuildContext, _ toolchain: Toolchain) {
        guard let supply, supply.downloader.isThere else { return nil }
        self.init(
            downloader: supply.downloader,
            settings: supply.settings.adding(context.environment).adding(context.platformVariables),
            elixirVersion: toolchain.elixirVersion, otpMajor: toolchain.otpMajor ?? 0)
    }

    /// What Hex itself must know of the settings.
    var variables: [String: String] {
        var variables: [String: String] = [:]
        variables["HEX_MIRROR"] = settings.hex
        if settings.isOffline { variables["HEX_OFFLINE"] = "1" }
        return variables
    }
}

extension MixRunner {
    /// Has mix install a tool, from an empty folder; a build image without curl leaves the fetching to mix too.
    /// - Throws: `Failure` of code `fetchFailed` where it cannot be had, `CancellationError`.
    func install(_ tool: ToolFetch.Tool, _ tools: ToolFetch?, isThere: () -> Bool) async throws {
        guard let tools else {
            let task = tool.fetchingTask
            let outcome = try await mix(task + ["--force", "--if-missing"], in: places.emptySeen, step: .fetch)
            if outcome.end.isSuccess, isThere() { return }
            throw Failure(
                fetching: "/hex.pm/\(tool.name.lowercased())", .unreachable("mix \(task[0]) failed"))
        }
        let file = try await tools.fetch(tool, into: try places.downloads()) { context.reporter(.notice($0)) }
        defer { try? file.remove() }
        let seen = places.homeSeen.appending("downloads").appending(file.lastComponent?.string ?? "")
        let outcome = try await mix(tool.installingTask + [seen.string, "--force"], in: places.emptySeen)
        guard outcome.end.isSuccess, isThere() else { throw Failure(fetching: tool.name.lowercased(), .page) }
    }
}
