import BuildpackAPI
import Commands
import Diagnostics
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage
import TestSupport

@testable import Lifecycle

/// A project, a store and a cache in a temporary folder, and a creator over them.
struct TestBench {
    let folder: FilePath
    var project: FilePath { folder.appending("project") }
    var store: ImageStore { ImageStore(root: folder.appending("images")) }
    var cacheRoot: FilePath { folder.appending("cache") }
    /// What the run image says about the launch layers' folders.
    var check: @Sendable ([FilePath]) async throws -> [Diagnostic] = { _ in [] }
    /// The paths at which the run image has something of its own.
    var takenPaths: Set<String> = []
    var runImageName = "test-run-image"
    /// The labels of the run image.
    var runImageLabels: [String: String] = [:]
    /// mixpack's own environment.
    var environment = ["PATH": "/usr/bin:/bin"]
    /// What a file of the run image says.
    var runImageText = ""
    var cache: ProjectCache { ProjectCache(project: project, root: cacheRoot) }

    init(_ folder: FilePath) throws {
        self.folder = folder
        try project.appending("mix.exs").write("# a project")
        try folder.appending("launcher").write("launcher-content")
    }

    /// The events of one build.
    func build(
        _ buildpacks: [any Buildpack], image: String = "app", order: [[BuildpackReference]]? = nil,
        change: (inout BuildRequest) throws -> Void = { _ in }
    ) async throws -> [LifecycleEvent] {
        let build = try create(buildpacks, image: image, order: order, change: change)
        var events: [LifecycleEvent] = []
        for await event in build.events { events.append(event) }
        await build.end()
        return events
    }

    func create(
        _ buildpacks: [any Buildpack], image: String = "app", order: [[BuildpackReference]]? = nil,
        change: (inout BuildRequest) throws -> Void = { _ in }
    ) throws -> RunningBuild {
        let order = order ?? [buildpacks.map { BuildpackReference(id: $0.descriptor.id) }]
        var request = BuildRequest(image: try Reference(image), project: project)
        try change(&request)
        return Creator(buildpacks: BuildpackStore(buildpacks, order: order), services: services()).create(request)
    }

    /// What starts programs.
    var runner: SubprocessCommandRunner { SubprocessCommandRunner(probe: Self.probe, grace: .milliseconds(300)) }

    private static let probe = SandboxProbe()

    func services() -> PlatformServices {
        let (store, check, taken, name) = (store, check, takenPaths, runImageName)
        let (text, labels) = (runImageText, runImageLabels)
        return PlatformServices(
            version: "1.2.3", cacheRoot: cacheRoot, environment: environment,
            launcher: folder.appending("launcher"), store: store,
            runImage: { _, _ in
                .init(place: .store(try Reference(name)), image: try await Self.runImage(in: store, text, labels)) {
                    needs, _ in
                    .init(problems: try await check(needs.layers), takenPaths: taken.intersection(needs.links))
                }
            },
            destination: { place, _ in
                guard case .layout(let path, let tag) = place else { throw Failure(.unsupported, "\(place)") }
                return LayoutDirectory(path, tag: tag)
            },
            engine: { .unwanted },
            image: { place in
                guard case .layout(let path, let tag) = place else { throw Failure(.unsupported, "\(place)") }
                let layout = LayoutDirectory(path, tag: tag)
                return (try await layout.image(), layout)
            }, runner: runner, now: { 0 })
    }

    private static func runImage(
        in store: ImageStore, _ text: String, _ labels: [String: String]
    ) async throws -> Image {
        let name = try Reference("run-image")
        if let image = try store.image(for: name) { return image }
        let transaction = try store.begin()
        let layer = try await transaction.addLayer(
            LayerContents(
                [.directory("/etc", mode: 0o755, owner: .root)]
                    + (text.isEmpty ? [] : [.file(Array(text.utf8), path: "/etc/motd", mode: 0o644, owner: .root)])),
            expecting: nil)
        var builder = ImageBuilder()
        builder.append(layer.layer, createdBy: "test")
        builder.configuration.config.labels = labels
        let image = try builder.image()
        try await transaction.commit(image, as: [name])
        return image
    }
}

extension [LifecycleEvent] {
    var report: BuildReport? {
        if case .finished(let report) = last?.kind { report } else { nil }
    }
    var failure: BuildFailure? {
        if case .failed(let failure) = last?.kind { failure } else { nil }
    }
    var layerChanges: [String] {
        compactMap {
            if case .layer(let change, let layer) = $0.kind { "\(change.rawValue) \(layer.name)" } else { nil }
        }
    }
    var text: String { map { "\($0)" }.joined(separator: "\n") }
}

extension TestBench {
    /// The entries of one of an image's layers, counted from the bottom.
    func entries(of image: Image, layer index: Int) async throws -> [TarEntry] {
        let reader = try TarReader(try await store.blob(image.layers[index].descriptor).input)
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    /// The entries of the layer whose history says that it was made by something with these words.
    func entries(of image: Image, madeBy words: String) async throws -> [TarEntry] {
        let index = image.configuration.history.firstIndex { $0.createdBy?.contains(words) == true }
        guard let index else { return [] }
        return try await entries(of: image, layer: index)
    }

    /// The paths of one of an image's layers, counted from the bottom.
    func paths(of image: Image, layer index: Int) async throws -> [String] {
        try await entries(of: image, layer: index).map(\.path)
    }

    /// The paths of the layer whose history says that it was made by something with these words.
    func paths(of image: Image, madeBy words: String) async throws -> [String] {
        try await entries(of: image, madeBy: words).map(\.path)
    }
}
