import Diagnostics
import LayerArchive
import OCIImage
import SystemPackage

/// What a platform asks `rebaser` for: its flags and variables, read once.
package struct RebaserCall: Sendable {
    package let api: PlatformAPI
    /// The names to write to; the first is the image that is rebased, unless another one is named.
    package let images: [Reference]
    package let previousImage: Reference?
    package let runImage: Reference?
    package let report: FilePath
    package let forces: Bool
    package let owner: Owner
    package let usesDaemon: Bool
    package let insecureRegistries: Set<String>
    package let log: LogOptions

    /// Reads the words after the program's name.
    /// - Throws: `Failure` of code `usage`.
    package init(_ words: [String], api: PlatformAPI, environment: [String: String]) throws(Failure) {
        let words = try PlatformWords(words, of: .rebaser, api: api, environment: environment)
        self.api = api
        log = try LogOptions(words)
        images = try ImageNames.read(words.names, of: .rebaser)
        usesDaemon = try words.truth("daemon")
        if !usesDaemon { try ImageNames.checkRegistry(of: images) }
        previousImage = try words.text("previous-image").map { text throws(Failure) in try ImageNames.name(text) }
        runImage = try (words.text("run-image") ?? words.text("image")).map { text throws(Failure) in
            try ImageNames.name(text)
        }
        report = words.path("report") ?? "/layers/report.toml"
        forces = try words.truth("force")
        owner = Owner(user: try words.number("uid"), group: try words.number("gid"))
        insecureRegistries = Set(words.list("insecure-registry"))
    }
}
