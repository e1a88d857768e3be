import Diagnostics
import Digests
import Files
import SystemPackage
import Toolchains

extension ProjectToolchain {
    /// An Erlang for another processor, as it came from the server of builds.
    package struct Counterpart: Sendable {
        package let folder: FilePath
        /// The address that it came from.
        package let origin: String
    }

    /// The build of the same Erlang/OTP for another processor, fetched where it is not kept; nothing of it is run.
    /// - Parameters:
    ///   - erlang: the folder of this machine's.
    ///   - architecture: the processor, as image platforms name it.
    ///   - root: the folder that keeps such builds.
    ///   - notice: told what is fetched, and from where, before it is.
    /// - Returns: `nil` where this machine's is not from that server.
    /// - Throws: `Failure` of code `noToolchain` that says what could not be had, `CancellationError`.
    package func counterpart(
        of erlang: FilePath, for architecture: String, in root: FilePath, notice: @escaping @Sendable (String) -> Void
    ) async throws -> Counterpart? {
        guard let supply, erlang.removingLastComponent().realPath == supply.root.realPath,
            let folder = erlang.lastComponent?.string, let match = folder.wholeMatch(of: /otp-(.+)-(ubuntu-[0-9.]+)/)
        else { return nil }
        let (version, release) = (String(match.1), String(match.2))
        let name = "\(folder)-\(architecture)"
        let server = BuildsServer(root: root, settings: settings, downloader: supply.downloader, notice: notice)
        let origin = server.url("otp/\(architecture)/\(release)")
        let sealed = SealedFolder(root.appending(name))
        try sealed.removeIfDamaged(notice: notice)
        if !sealed.path.isFolder {
            do {
                try root.makeFolders()
                server.removeLeftovers()
                try await supply.fetch(version, architecture, release, as: name, from: server)
            } catch let problem as Failure where [.fetchFailed, .noToolchain].contains(problem.code) {
                var failure = problem.failing("no OTP \(version) for \(architecture)", as: .noToolchain)
                failure.advice = [failure.advice, "name an image that has it: --toolchain-from IMAGE"]
                    .compactMap(\.self).joined(separator: "\n")
                throw failure
            }
        }
        return Counterpart(folder: root.appending(name), origin: origin)
    }
}

extension ToolchainSupply {
    fileprivate func fetch(
        _ version: String, _ architecture: String, _ release: String, as name: String, from server: BuildsServer
    ) async throws {
        guard let build = try await server.erlangs(architecture, release).first(where: { $0.version == version })
        else {
            throw Failure(.noToolchain, "\(server.url("otp/\(architecture)/\(release)")) does not list it")
        }
        let url = server.archive(of: build, architecture, release)
        try await server.fetch(build, url, .gzip, for: "the image for \(architecture) needs its own OTP \(version)") {
            try await ToolchainArchive(runner: runner, root: server.root, isSealed: true)
                .keepErlang($0, version: version, as: name)
        }
    }
}
