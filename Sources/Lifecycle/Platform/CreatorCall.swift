import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// What a platform asks `creator` for: its flags and variables, read once.
package struct CreatorCall: Sendable {
    package let api: PlatformAPI
    /// The image's names; the first is the image, the others are more names for it.
    package let images: [Reference]
    package let application: FilePath
    package let buildpacks: FilePath
    package let buildConfiguration: FilePath?
    package let cacheDirectory: FilePath?
    package let cacheImage: Reference?
    package let launchCache: FilePath?
    package let launcher: FilePath
    package let layers: FilePath
    package let platform: FilePath
    package let order: FilePath
    package let system: FilePath?
    package let previousImage: Reference?
    package let processType: String?
    package let projectMetadata: FilePath
    package let report: FilePath
    /// The file that names run images, run.toml or before Platform API 0.12 stack.toml.
    package let runImages: FilePath
    package let runImage: Reference?
    package let skipsRestore: Bool
    package let owner: Owner
    package let usesDaemon: Bool
    package let insecureRegistries: Set<String>
    package let log: LogOptions
    package let executionEnvironment: String
    package let creationTime: CreationTime
    /// What is odd, but taken.
    package private(set) var warnings: [String] = []

    /// Reads the words after the program's name.
    /// - Throws: `Failure` of code `usage`.
    package init(_ words: [String], api: PlatformAPI, environment: [String: String]) throws(Failure) {
        let words = try PlatformWords(words, of: .creator, api: api, environment: environment)
        self.api = api
        guard try !words.truth("layout") else {
            throw Failure(.usage, "images in OCI layout are not supported", advice: "leave -layout out")
        }
        log = try LogOptions(words)
        images = try ImageNames.read(words.names + words.list("tag"), of: .creator)
        usesDaemon = try words.truth("daemon")
        if !usesDaemon { try ImageNames.checkRegistry(of: images) }
        application = words.path("app") ?? "/workspace"
        buildpacks = words.path("buildpacks") ?? "/cnb/buildpacks"
        buildConfiguration = words.path("build-config")
        cacheDirectory = words.path("cache-dir")
        cacheImage = try words.text("cache-image").map { text throws(Failure) in try ImageNames.name(text) }
        launchCache = words.path("launch-cache")
        launcher = words.path("launcher") ?? "/cnb/lifecycle/launcher"
        layers = words.path("layers") ?? "/layers"
        platform = words.path("platform") ?? "/platform"
        let own = layers.appending("order.toml")
        order = words.path("order") ?? (own.exists ? own : "/cnb/order.toml")
        system = words.path("system")
        previousImage = try words.text("previous-image").map { text throws(Failure) in try ImageNames.name(text) }
        processType = words.text("process-type")
        projectMetadata = words.path("project-metadata") ?? layers.appending("project-metadata.toml")
        report = words.path("report") ?? layers.appending("report.toml")
        runImages = words.path(api < .minor(12) ? "stack" : "run") ?? "/cnb/run.toml"
        runImage = try words.text("run-image").map { text throws(Failure) in try ImageNames.name(text) }
        skipsRestore = try words.truth("skip-restore")
        owner = Owner(user: try words.number("uid"), group: try words.number("gid"))
        insecureRegistries = Set(words.list("insecure-registry"))
        let given = environment["CNB_EXEC_ENV"] ?? ""
        executionEnvironment = given.isEmpty || api < .minor(15) ? "production" : given
        let time = environment[CreationTime.variable] ?? ""
        if let seconds = time.isEmpty ? nil : Int64(time), let known = try? CreationTime("\(seconds)") {
            creationTime = known
        } else {
            creationTime = .fixed
            if !time.isEmpty { warnings.append("\(CreationTime.variable) is not a number of seconds: ignored") }
        }
    }
}

/// The names of images that a platform gives.
enum ImageNames {
    /// Reads a program's images; there must be one.
    static func read(_ texts: [String], of program: PlatformProgram) throws(Failure) -> [Reference] {
        guard !texts.isEmpty else {
            throw Failure(.usage, "no image", advice: "name it behind the flags: \(program.rawValue) … IMAGE")
        }
        var images: [Reference] = []
        for text in texts {
            let image = try name(text)
            if !images.contains(image) { images.append(image) }
        }
        return images
    }

    /// Reads a name.
    static func name(_ text: String) throws(Failure) -> Reference {
        do throws(Failure) { return try Reference(text) } catch { throw error.coded(.usage) }
    }

    /// All names are in one registry, as the specification has it.
    static func checkRegistry(of images: [Reference]) throws(Failure) {
        let registries = Set(images.map(\.fullRegistry)).sorted()
        guard registries.count <= 1 else {
            throw Failure(
                .usage, "writing to multiple registries is unsupported: \(registries.joined(separator: ", "))")
        }
    }
}

extension Reference {
    /// The registry, `index.docker.io` where none is named.
    var fullRegistry: String { String(fullRepository.prefix { $0 != "/" }) }
}
