import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// A release as `mix release` left it, read from its own files, never from mix's output.
struct AssembledRelease {
    let directory: FilePath
    let name: String
    let version: String
    let ertsVersion: String
    /// Its applications with their versions, as the .rel file lists them.
    let applications: [Application]

    struct Application: Hashable {
        var name: String
        var version: String

        init(name: String, version: String) {
            self.name = name
            self.version = version
        }

        /// The application whose folder in `lib` has this name; `nil` where it names none.
        init?(folder: String) {
            guard let dash = folder.firstIndex(of: "-") else { return nil }
            self.init(name: String(folder[..<dash]), version: String(folder[folder.index(after: dash)...]))
        }

        var folder: String { "\(name)-\(version)" }
    }

    /// - Throws: `Failure` that names the file that is missing or cannot be understood.
    init(in directory: FilePath, name: String) throws {
        try Self.check(["bin", "lib", "releases", "releases/start_erl.data"], in: directory)
        let start = try Self.text(directory.appending("releases").appending("start_erl.data"))
        let words = start.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count >= 2 else {
            throw Failure(.buildFailed, "cannot read the release's start_erl.data: \(start.prefix(80))")
        }
        self.directory = directory
        self.name = name
        ertsVersion = words[0]
        version = words[1]
        guard ![ertsVersion, version].contains(where: { $0.contains("/") || $0 == "." || $0 == ".." }) else {
            throw Failure(.buildFailed, "the versions in the release's start_erl.data are paths")
        }
        let (releases, runtime) = ("releases/\(version)", "erts-\(ertsVersion)")
        let files = ["env.sh", "vm.args", "remote.vm.args", "\(name).rel"].map { "\(releases)/\($0)" }
        try Self.check([releases, runtime, "\(runtime)/bin"] + files, in: directory)
        let file = directory.appending("releases").appending(version).appending(name + ".rel")
        applications = Self.applications(in: try Self.text(file))
        guard !applications.isEmpty else { throw Failure(.buildFailed, "\(file) lists no applications") }
    }

    /// The folder of the release's version: boot files, configuration, env.sh.
    var versionDirectory: FilePath { directory.appending("releases").appending(version) }
    var runtimeDirectory: FilePath { directory.appending("erts-" + ertsVersion) }

    /// Refuses links where mixpack reads, writes and moves: project code made the release, and could lead it elsewhere.
    private static func check(_ paths: [String], in directory: FilePath) throws {
        for path in [""] + paths {
            let place = path.isEmpty ? directory : directory.appending(FilePath(path).components)
            guard place.kind == .link else { continue }
            throw Failure(
                .buildFailed, "the release has a link at \(path.isEmpty ? "its own place" : path)",
                advice: "check the steps of the release in mix.exs: these must be files and folders")
        }
    }

    /// The `{name,"version",…}` terms of a .rel file.
    private static func applications(in text: String) -> [Application] {
        text.matches(of: /\{\s*([a-z][A-Za-z0-9_@]*)\s*,\s*"([^"]+)"\s*,/).map {
            Application(name: String($0.1), version: String($0.2))
        }
    }

    private static func text(_ path: FilePath) throws -> String {
        guard let text = path.text else {
            throw Failure(
                .buildFailed, "the release has no \(path.lastComponent?.string ?? path.string)",
                advice: "see the output of mix release above")
        }
        return text
    }
}
