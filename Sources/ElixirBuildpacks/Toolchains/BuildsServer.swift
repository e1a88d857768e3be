import Diagnostics
import Files
import Glibc
import SystemPackage
import Toolchains

/// The server of precompiled builds, and the folder that keeps its lists: builds.hex.pm or a mirror of it.
struct BuildsServer {
    /// Where lists and what is fetched stand.
    let root: FilePath
    let settings: DownloadSettings
    let downloader: any Downloader
    let notice: @Sendable (String) -> Void

    private var download: CheckedDownload {
        CheckedDownload(downloader: downloader, isOffline: settings.isOffline)
    }

    func url(_ path: String) -> String { "\(settings.builds)/builds/\(path)" }

    /// The address of an Erlang/OTP's archive.
    /// - Parameter architecture: as image platforms name it.
    func archive(of erlang: BuildList.Build, _ architecture: String, _ release: String) -> String {
        url("otp/\(architecture)/\(release)/\(erlang.name).tar.gz")
    }

    /// The Erlangs for a processor and an Ubuntu release.
    func erlangs(_ architecture: String, _ release: String) async throws -> [BuildList.Build] {
        try await list(.erlang, "otp/\(architecture)/\(release)")
    }

    /// A list, fetched; the one fetched last where the server cannot be reached.
    func list(_ tool: RequestedVersion.Tool, _ folder: String) async throws -> [BuildList.Build] {
        let kept = root.appending("\(folder.replacing("/", with: "-")).txt")
        let url = url("\(folder)/builds.txt")
        let file = root.appending(Self.temporaryName())
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

    /// Fetches a build, and says so before.
    /// - Parameter reason: why it is fetched, such as that something is not installed.
    func fetch(
        _ build: BuildList.Build, _ url: String, _ form: CheckedDownload.Form, for reason: String,
        install: (FilePath) async throws -> Void
    ) async throws {
        let file = root.appending(Self.temporaryName())
        defer { try? file.remove() }
        notice("\(reason): fetching \(build.name) from \(url)")
        if build.digest == nil { notice("the list has no checksum for \(build.name); only its form is checked") }
        try await download.fetch(url, to: file, form: form, digest: build.digest.map { .sha256($0) })
        try await install(file)
    }

    /// The name of something that is not complete; it tells which process makes it.
    static func temporaryName() -> String { ".part-\(getpid())-\(UInt32.random(in: 0 ... .max))" }

    /// Removes what processes that are gone have left.
    func removeLeftovers() {
        for name in root.names where name.hasPrefix(".part-") {
            let owner = name.split(separator: "-").dropFirst().first.flatMap { pid_t($0) }
            if let owner, kill(owner, 0) == 0 || errno == EPERM { continue }
            try? root.appending(name).remove()
        }
    }
}
