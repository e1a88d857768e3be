import Glibc
public import SystemPackage

/// A small Hex repository: a signed registry and real tarballs of packages made for the tests, as repo.hex.pm has them.
///
/// It is made with the Hex team's own library, which rebar3 carries, and that can fetch from it. There is no Hex archive
/// on the machines of the tests, so the one that it offers is a small client written for them (`HexClientSource`).
public struct HexMirror: Sendable {
    /// A package: its files by path.
    public struct Package: Sendable {
        var name: String
        var version: String
        var tool: String
        var dependencies: [(name: String, requirement: String)]
        var repository: String?
        var retired: String?
        var files: [String: String]

        /// Creates a package that `tool` builds.
        /// - Parameters:
        ///   - repository: whose it is, an organisation's or another's than `hexpm`; it is below `/repos/NAME`.
        ///   - retired: what its maintainer said when it was retired for reasons of security.
        public init(
            _ name: String, _ version: String, tool: String = "mix",
            dependencies: [(name: String, requirement: String)] = [], repository: String? = nil,
            retired: String? = nil, files: [String: String]
        ) {
            self.repository = repository
            self.retired = retired
            self.name = name
            self.version = version
            self.tool = tool
            self.dependencies = dependencies
            self.files = files
        }
    }

    /// The folder to serve.
    public let folder: FilePath
    /// The public key of the registry.
    public let publicKey: String
    /// The entry of each package in a mix.lock, by name; of several versions that of the newest.
    public let lockEntries: [String: String]

    /// The path of the Hex archive.
    public static let archivePath = "/installs/1.0.0/hex-2.0.0.ez"
    /// The path of the list of Hex archives.
    public static let archiveList = "/installs/hex-1.x.csv"
    /// The path of rebar3.
    public static let rebarPath = "/installs/1.0.0/rebar3-3.19.0"

    /// Makes a repository in a new folder.
    public init(in folder: FilePath, packages: [Package]) async throws {
        self.folder = folder
        let source = folder.appending("source")
        for package in packages {
            let place = source.appending("\(package.name)-\(package.version)")
            for (path, text) in package.files { try place.appending("files").appending(path).write(text) }
            let dependencies = package.dependencies.map { "{<<\"\($0.name)\">>, <<\"\($0.requirement)\">>}" }
            try place.appending("meta").write(
                """
                {<<"\(package.name)">>, <<"\(package.version)">>, <<"\(package.tool)">>,
                 [\(dependencies.joined(separator: ", "))], <<"\(package.repository ?? "hexpm")">>,
                 <<"\(package.retired ?? "")">>}.

                """)
        }
        let script = folder.appending("make.escript")
        try script.write(HexMirrorScript.text)
        let rebar = try findTool("rebar3")
        let end = try await run(findTool("escript"), [script.string, rebar.string, source.string, folder.string])
            .succeeded()
        publicKey = try folder.appending("public_key").readText()
        let entries = end.lines.map { $0.split(separator: "\t", maxSplits: 1).map(String.init) }
        lockEntries = Dictionary(entries.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
        try await offerTools(rebar)
    }

    /// A mix.lock of some packages.
    public func lock(_ names: String...) -> String {
        let lines = names.sorted().compactMap { name in lockEntries[name].map { "  \"\(name)\": \($0),\n" } }
        return "%{\n\(lines.joined())}\n"
    }

    private func offerTools(_ rebar: FilePath) async throws {
        let work = folder.appending("client")
        let beams = work.appending("hex-2.0.0/ebin")
        try beams.makeFolder()
        try work.appending("hex.ex").write(HexClientSource.text(publicKey: publicKey))
        _ = try await run(
            findTool("elixirc"), ["--ignore-module-conflict", "-o", beams.string, work.appending("hex.ex").string]
        ).succeeded()
        let unpacked = folder.appending("rebar3/rebar/ebin")
        for name in try unpacked.names() where name.hasPrefix("r3_") {
            try unpacked.appending(name).copy(to: beams.appending(name))
        }
        try beams.appending("hex.app").write(
            "{application, hex, [{vsn, \"2.0.0\"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib]}]}.\n"
        )
        let archive = folder.appending(String(Self.archivePath.dropFirst()))
        try archive.removingLastComponent().makeFolder()
        let zip = "[F, D] = init:get_plain_arguments(), {ok, _} = zip:create(F, [\"hex-2.0.0\"], [{cwd, D}]), halt(0)."
        _ = try await run(findTool("erl"), ["-noshell", "-eval", zip, "-extra", archive.string, work.string])
            .succeeded()
        try rebar.copy(to: folder.appending(String(Self.rebarPath.dropFirst())))
        try await writeList("hex-1.x.csv", "2.0.0", archive)
        try await writeList("rebar3-1.x.csv", "3.19.0", folder.appending(String(Self.rebarPath.dropFirst())))
    }

    private func writeList(_ name: String, _ version: String, _ file: FilePath) async throws {
        let digest = try await run("/usr/bin/sha512sum", [file.string]).succeeded().output.prefix(128)
        let newer = String(repeating: "0", count: 128)
        try folder.appending("installs/\(name)").write("\(version),\(digest),1.0.0\n99.0.0,\(newer),99.0.0\n")
    }
}
