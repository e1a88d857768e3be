import Glibc
import RunImages
import SystemPackage
import TestSupport

/// A folder that looks like an image to the launcher.
struct LaunchFixture {
    let folder: FilePath
    let launcher: FilePath
    /// Variables beside the ones that an image always has.
    var environment: [String: String] = [:]
    var platformAPI = "0.15"

    init(_ folder: FilePath) throws {
        self.folder = folder
        launcher = try LauncherBinary.locate(executable: "/proc/self/exe")
        try app.makeFolder()
    }

    var layers: FilePath { folder.appending("layers") }
    var app: FilePath { folder.appending("app") }

    /// Writes the image's metadata; by default of one buildpack `bp` with API 0.10.
    func metadata(api: String = "0.10", _ text: String) throws {
        try layers.appending("config/metadata.toml").write(
            "[[buildpacks]]\nid = \"bp\"\nversion = \"1\"\napi = \"\(api)\"\n" + text)
    }

    /// Writes a file of the layer `a` of `bp`.
    func layer(_ path: String, _ text: String) throws {
        try layers.appending("bp/a").appending(path).write(text)
    }

    /// Writes a program of the layer `a` of `bp`.
    ///
    /// Another process writes it: a program that this one has open for writing, if only in a child that another test is just
    /// starting, cannot be run.
    func program(_ path: String, _ script: String) async throws {
        let source = folder.appending("script")
        try source.write(script)
        let target = layers.appending("bp/a").appending(path)
        _ = try await run("/usr/bin/install", ["-D", "-m", "755", source.string, target.string]).succeeded()
    }

    /// The program as the image has it for a process type, or the launcher itself.
    func program(as type: String?) throws -> FilePath {
        let link = folder.appending("cnb/process").appending(type ?? "launcher")
        try link.removingLastComponent().makeFolder()
        if !link.isThere { _ = try makeLink(at: link, to: launcher) }
        return link
    }

    /// The words that start the launcher with the image's variables and no others.
    func words(as type: String? = "web", _ arguments: [String]) throws -> [String] {
        var variables = [
            "CNB_LAYERS_DIR": layers.string, "CNB_APP_DIR": app.string, "CNB_PLATFORM_API": platformAPI,
            "CNB_DEPRECATION_MODE": "quiet", "PATH": "/cnb/process:/cnb/lifecycle:/usr/bin:/bin",
        ]
        variables.merge(environment) { _, new in new }
        return ["-i"] + variables.map { "\($0)=\($1)" } + [try program(as: type).string] + arguments
    }

    func launch(as type: String? = "web", _ arguments: String...) async throws -> ProgramEnd {
        try await run("/usr/bin/env", try words(as: type, arguments), within: .seconds(30))
    }

    /// Launches and gives the variables that the process sees.
    func launchedEnvironment(as type: String = "web") async throws -> [String: String] {
        let end = try await launch(as: type).succeeded()
        let pairs = end.lines.compactMap { line in
            line.firstIndex(of: "=").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
        }
        return Dictionary(pairs) { _, new in new }
    }
}

private func makeLink(at link: FilePath, to target: FilePath) throws -> FilePath {
    guard symlink(target.string, link.string) == 0 else { throw Errno(rawValue: errno) }
    return link
}
