import Builders
import Console
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import Lifecycle
import Materials
import OCIImage
import SystemPackage
import Text

extension ImageClient {
    static func live(_ images: OpenedImages) -> ImageClient {
        var client = ImageClient()
        client.open = { try await images.open($0) }
        client.report = { try await images.report($0) }
        client.files = { try await images.tree($0, $1, isMerged: $2) }
        client.other = { try await images.other($0, $1) }
        client.comparison = { try await images.comparison($0, with: $1) }
        client.comparable = { try await images.comparable($0) }
        client.packages = { try await images.packages($0) }
        client.growth = { try await images.growth(of: $0, $1) }
        client.sizes = { try await images.sizes($0, against: $1) }
        client.duplicates = { try await images.duplicates($0) }
        client.content = { try await images.content($0, limit: $1) }
        client.extract = { try await images.extract($0, to: $1) }
        client.measure = { try await images.measure($0) }
        let sending = ImageSending(wiring: images.wiring)
        client.engines = { await sending.engines() }
        client.existing = { try await sending.existing($0, at: $1) }
        client.send = { try await sending.send($0, to: $1, progress: $2) }
        client.tag = { try await sending.tag($0, $1, project: $2, replaces: $3) }
        return client
    }
}

/// The images that the console has open, with their files, by the name or place they were opened by.
actor OpenedImages {
    nonisolated let wiring: Wiring
    private var files: [String: ImageFiles] = [:]

    /// No image is open at the start.
    init(wiring: Wiring) { self.wiring = wiring }

    /// Opens an image by a place or a name of the image store.
    func open(_ place: String) async throws -> ImageContents {
        files[place] = nil
        let image = try await opened(place).image
        var contents = ImageContentsReader(name: place, image: image, places: [place]).contents
        contents.builder = builderLines(image, named: place)
        contents.platforms = (try? await platforms(at: place)) ?? []
        return contents
    }

    private func builderLines(_ image: Image, named name: String) -> [String] {
        guard image.configuration.config.labels[BuilderLabel.metadata] != nil else { return [] }
        do {
            let text = BuilderText(name: name, image: image, labels: try BuilderLabels(of: image, named: name)).text
            return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        } catch {
            return ["Builder", "  \(error)"]
        }
    }

    /// The images of all platforms of a name in the store or a registry; none for one image alone.
    private func platforms(at place: String) async throws -> [ImageContents.PlatformImage] {
        guard let listed = try await wiring.index(at: place), let name = listed.name else { return [] }
        return listed.index.manifests.compactMap { entry in
            entry.platform.map { .init($0, place: "\(name)@\(entry.digest)", digest: entry.digest) }
        }
    }

    /// The report on an image as `mixpack inspect --json` prints it.
    func report(_ place: String) async throws -> String {
        let contents = try await open(place)
        return try ImageText(
            contents, packages: try await packages(place), efficiency: try await efficiency(place)
        ).json()
    }

    /// The files of a layer, or of all layers up to it; also of a folder on the machine.
    func tree(_ place: String, _ source: ImageContents.Layer.Source, isMerged: Bool) async throws -> FileTree {
        switch source {
        case .folder(let folder): return try FileTree(directory: FilePath(folder))
        case .image(let index):
            let files = try await opened(place)
            return isMerged ? try await files.mergedTree(through: index) : try await files.layerTree(index)
        }
    }

    /// The applications in an image.
    func packages(_ place: String) async throws -> [ImagePackage] {
        let files = try await opened(place)
        let contents = ImageContentsReader(name: place, image: files.image, places: []).contents
        return try await ImagePackages(files: files, layers: contents.layers).list()
    }

    /// What an image is made of.
    func materials(_ place: String) async throws -> MaterialsBill {
        let contents = try await open(place)
        return try await ImageMaterials(files: try await opened(place), contents: contents).bill()
    }

    /// An image to compare with: its layers with the sizes of their content.
    func other(_ place: String, _ comparand: Comparand) async throws -> EarlierImage {
        switch comparand {
        case .previous:
            let image = try previousImage(of: place)
            let time = (try? Reference(place)).flatMap { wiring.store.previousTime(of: $0) }
            let age = time.map { Amount.age(seconds: Date().timeIntervalSince1970 - Double($0)) }
            return try await earlier(
                ImageFiles(image, blobs: wiring.store), named: place,
                "the previous image\(age.map { ", \($0)" } ?? "")",
                comparand)
        case .image(let other):
            let files = try await opened(other)
            let platform = files.image.configuration.platform
            let title = platform == (try await opened(place)).image.configuration.platform ? other : "\(platform)"
            return try await earlier(files, named: other, title, comparand)
        case .build(let project, let id):
            let builds = PastBuilds(machine: wiring.machine)
            let events = try builds.events(of: project, id: id)
            var image = EarlierImage("the build of \(builds.age(of: project, id: id))", comparand, events: events)
            image.hasFiles = try pastFiles(of: project, id: id) != nil
            return image
        }
    }

    private func earlier(
        _ files: ImageFiles, named name: String, _ title: String, _ comparand: Comparand
    ) async throws -> EarlierImage {
        let contents = ImageContentsReader(name: name, image: files.image, places: []).contents
        return EarlierImage(title, comparand, contents: contents.measured(by: try await files.efficiency()))
    }

    /// What differs in an image against another one.
    func comparison(_ place: String, with comparand: Comparand) async throws -> ImageComparison {
        let new = try await opened(place)
        switch comparand {
        case .previous:
            let old = ImageFiles(try previousImage(of: place), blobs: wiring.store)
            return try await ImageComparison(from: old, to: new)
        case .image(let other): return try await ImageComparison(from: try await opened(other), to: new)
        case .build(let project, let id):
            guard let sizes = try pastFiles(of: project, id: id) else {
                throw Failure(.refused, "the files of that build are not kept")
            }
            return try await ImageComparison(fromSizes: sizes, to: new)
        }
    }

    /// The previous image and the images of the store, with their ages and sizes.
    func comparable(_ place: String) throws -> [ComparableImage] {
        let now = Date().timeIntervalSince1970
        var found: [ComparableImage] = []
        let reference = try? Reference(place)
        if let reference, let time = wiring.store.previousTime(of: reference) {
            found.append(
                ComparableImage(
                    .previous, name: "the previous image", detail: Amount.age(seconds: now - Double(time))))
        }
        for image in try wiring.store.list() where image.reference != reference && !image.reference.isOwn {
            let name = image.reference.description
            let detail = "\(Amount.bytes(image.size))  \(Amount.age(seconds: now - Double(image.time)))"
            found.append(ComparableImage(.image(name), name: name, detail: detail))
        }
        return found
    }

    private func previousImage(of place: String) throws -> Image {
        let advice = "mixpack keeps the previous image when a build replaces it"
        guard let reference = try? Reference(place), let image = try wiring.store.previousImage(of: reference) else {
            throw Failure(.refused, "no previous image of \(place)", advice: advice)
        }
        return image
    }

    /// What an image's layers hold, and the previous image.
    func measure(_ place: String) async throws -> ImageMeasure {
        let efficiency = try await efficiency(place)
        return ImageMeasure(efficiency, previous: try? await other(place, .previous))
    }

    /// How much of an image's layers is of use.
    func efficiency(_ place: String) async throws -> ImageEfficiency {
        try await opened(place).efficiency()
    }

    /// How the image of a project grew over its last builds.
    func growth(of project: FilePath, _ image: String) throws -> SizeGrowth {
        let history = SizeHistory(ProjectCache(project: project, root: wiring.machine.cacheRoot))
        let builds = history.builds(of: try Reference(image).description)
        let now = Date().timeIntervalSince1970
        func files(of build: SizeHistory.Build?) -> [String: Int64] {
            Self.files(ofLayers: build?.layers.map(\.diffID) ?? [], in: history) ?? [:]
        }
        return SizeGrowth(
            builds: builds.map { build, time in
                SizeGrowth.Build(
                    age: Amount.age(seconds: now - Double(time)),
                    layers: build.layers.map { SizeGrowth.Part($0.name, $0.bytes) })
            }, first: files(of: builds.first?.build), last: files(of: builds.last?.build))
    }

    /// The sizes of the files in all layers, as a container sees them; `nil` if those of a layer are not kept.
    private static func files(ofLayers layers: [Digest], in history: SizeHistory) -> [String: Int64]? {
        var files: [String: Int64] = [:]
        for layer in layers {
            guard let sizes = history.files(ofLayer: layer) else { return nil }
            files.merge(sizes) { $1 }
        }
        return layers.isEmpty ? nil : files
    }

    /// The sizes of the files of a past build's image.
    private func pastFiles(of project: FilePath, id: String) throws -> [String: Int64]? {
        let events = try PastBuilds(machine: wiring.machine).events(of: project, id: id)
        guard case .finished(let report)? = events.last?.kind else { return nil }
        let history = SizeHistory(ProjectCache(project: project, root: wiring.machine.cacheRoot))
        return Self.files(ofLayers: report.layers.compactMap(\.diffID), in: history)
    }

    /// Where the bytes of an image are, marked against another image.
    func sizes(_ place: String, against comparand: Comparand?) async throws -> SizeTree {
        let files = try await opened(place)
        let names = ImageContentsReader(name: place, image: files.image, places: []).contents.layerNames
        var comparison: FileTree?
        if let comparand { comparison = try? await self.comparison(place, with: comparand).tree }
        return try await files.sizes(named: names, comparedIn: comparison)
    }

    /// The files of an image that have the same content.
    func duplicates(_ place: String) async throws -> [DuplicateContent] {
        try await opened(place).duplicates()
    }

    /// A file's bytes, at most so many.
    func content(_ location: FileLocation, limit: Int) async throws -> [UInt8] {
        switch location.source {
        case .image(let index):
            return try await opened(location.image).content(of: location.path, in: index, limit: limit)
        case .folder(let folder): return try LocalFile(folder, location.path).bytes(limit: limit)
        }
    }

    /// Writes a file of a layer to the current folder, never over another.
    func extract(_ location: FileLocation) async throws -> FilePath {
        let name = FilePath(location.path).lastComponent?.string ?? "file"
        let target = try FreeName(name, in: wiring.machine.currentDirectory).path
        try await write(location, to: target)
        return target
    }

    /// Where a container of the image finds a file, links followed; `nil` where there is none.
    private func location(of path: String, in place: String) async throws -> FileLocation? {
        let files = try await opened(place)
        guard let last = files.image.layers.indices.last else { return nil }
        let tree = try await files.mergedTree(through: last)
        return tree.node(following: path).map { id in
            FileLocation(image: place, source: .image(index: Int(tree[id].layer)), path: tree.path(of: id))
        }
    }

    /// Writes a file, as a container of the image sees it, to a folder or a new file; never over another.
    /// - Parameter target: `nil` is the current folder.
    func extract(_ path: String, of place: String, to target: FilePath?) async throws -> FilePath {
        guard let location = try await location(of: path, in: place) else {
            throw Failure(
                .refused,
                "\(place) has no file \(path)", advice: "mixpack inspect \(place) on a terminal shows its files")
        }
        guard let target else { return try await extract(location) }
        var isFolder = false
        let isThere = FileManager.default.fileExists(atPath: target.string, isDirectory: &isFolder)
        guard !isThere || isFolder else {
            throw Failure(.refused, "\(target) already exists", advice: "name a new file, or a folder")
        }
        let name = FilePath(path).lastComponent?.string ?? "file"
        let file = isFolder ? try FreeName(name, in: target).path : target
        try await write(location, to: file)
        return file
    }

    /// Writes a file or folder of a layer to a new path.
    func extract(_ location: FileLocation, to asked: FilePath) async throws -> FilePath {
        let target = try wiring.machine.newFile(asked)
        try await write(location, to: target)
        return target
    }

    private func write(_ location: FileLocation, to target: FilePath) async throws {
        switch location.source {
        case .image(let index):
            try await opened(location.image).extract(location.path, in: index, to: target)
        case .folder(let folder): try LocalFile(folder, location.path).copy(to: target)
        }
    }

    private func opened(_ place: String) async throws -> ImageFiles {
        if let known = files[place] { return known }
        let (image, blobs) = try await wiring.image(at: place)
        let opened = ImageFiles(image, blobs: blobs)
        files[place] = opened
        return opened
    }
}
