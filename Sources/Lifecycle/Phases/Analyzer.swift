import BuildpackAPI
import Diagnostics
import Digests
import Files
import LayerArchive
import OCIImage

/// What analyze found: the run image, the previous image, and whether anything changed since.
struct Analysis {
    var runImage: PlatformServices.RunImage
    /// What this build is made from, as one hash; `nil` where a buildpack cannot tell what it depends on.
    var key: String?
    /// The digest of the project's files, if the image's origin is to be stated.
    var source: String?
    /// The image that has the name now, and the record of the build that made it.
    var previous: PreviousImage?
    /// The last build, where nothing changed since.
    var unchanged: BuildRecord?
    var target: BuildTarget
    /// What buildpacks of others find around them.
    var surroundings: Surroundings
}

/// The first phase: looks at what is there before anything is run.
struct Analyzer {
    let request: BuildRequest
    let buildpacks: BuildpackStore
    let services: PlatformServices
    let cache: ProjectCache
    /// The builder that is used; `nil` is this machine.
    var room: BuilderRoom?
    let emit: EventEmitter

    func analyze() async throws -> Analysis {
        guard request.project.isFolder else {
            throw Failure(
                .usage, "no folder \(request.project)",
                advice: "name the project's folder with --path")
        }
        async let trust: Void = services.checkTrust(in: request.project)
        // Looked at beside the rest: most of a build that finds nothing changed is this.
        async let look = cache.isGiven ? nil : sourceDigest()
        // Before anything of the project runs.
        try await trust
        async let asked = buildpackDependencies()
        var runImage = try await runImage()
        let own = (try? services.store.image(for: request.image)).map {
            PreviousImage($0, blobs: services.store, record: BuildRecord.read(for: request.image, in: cache))
        }
        let dependencies = try await asked
        let source = try await look ?? (dependencies == nil ? nil : sourceDigest())
        let key = try buildKey(runImage, source, dependencies)
        let last = own.flatMap { unchanged($0, key) }
        let previous = last == nil ? try await PreviousImageSearch(request, services, emit).find(own: own) : own
        if last == nil { try await runImage.makeWhole { emit(.notice($0)) } }
        return Analysis(
            runImage: runImage, key: key, source: request.attests ? try source ?? sourceDigest() : nil,
            previous: previous, unchanged: last,
            target: BuildTarget(runImage: runImage.image, machine: room?.release ?? BuildTarget.release),
            surroundings: Surroundings(stack: room?.builder.stack ?? RunImageStack.id(of: runImage.image), room: room))
    }

    /// The run image that is asked for, else the builder's, else the one made from this machine.
    private func runImage() async throws -> PlatformServices.RunImage {
        guard request.runImage == nil, let builder = room?.builder else {
            return try await runImage(at: request.runImage)
        }
        let choice = BuilderRunImages(builder: builder, request: request)
        return try await runImage(from: try choice.candidates(), choice)
    }

    /// Takes the run image that an image extension chose in place of the one that was found.
    /// - Throws: `Failure` where it cannot be read.
    func choose(_ name: Reference, in analysis: inout Analysis) async throws {
        guard let builder = room?.builder else { return }
        let choice = BuilderRunImages(builder: builder, request: request)
        do {
            analysis.runImage = try await runImage(from: choice.candidates(for: name), choice)
        } catch let error as Failure {
            throw error.failing("the run image of an image extension", as: .analysisFailed)
        }
        try await analysis.runImage.makeWhole { emit(.notice($0)) }
        analysis.target = BuildTarget(runImage: analysis.runImage.image, machine: room?.release ?? BuildTarget.release)
    }

    /// The first that can be read.
    private func runImage(
        from candidates: [BuilderRunImages.Candidate], _ choice: BuilderRunImages
    ) async throws -> PlatformServices.RunImage {
        var refusals: [Failure] = []
        for (named, place) in candidates {
            do {
                var found = try await runImage(at: place)
                found.named = (named.image.description, named.mirrors.map(\.description))
                return found
            } catch let error as Failure where error.code != .usage {
                refusals.append(error)
            }
        }
        throw choice.failure(after: refusals)
    }

    private func runImage(at place: ImagePlace?) async throws -> PlatformServices.RunImage {
        try await services.runImage(
            .init(
                place: place, needsBash: buildpacks.buildpacks.contains(where: \.needsBash),
                project: request.project, variables: request.variableValues, programs: request.runPrograms)
        ) { emit(.notice($0)) }
    }

    /// One digest of the project's files that take part.
    private func sourceDigest() throws -> String {
        try SourceScan.digest(of: try sources(), index: cache.sourceIndex, holdsSecret: emit.redactor.secretTest)
    }

    /// The last build, where it was made from the same and tried as far as is asked for now.
    private func unchanged(_ previous: PreviousImage, _ key: String?) -> BuildRecord? {
        guard let record = previous.record else { return nil }
        let isTried = request.startTrial == .no || record.isTried == true
        guard key != nil, record.key == key, isTried else { return nil }
        // What somebody has written to in the meantime is made again.
        let images = request.platforms.count > 1 ? (try? services.store.images(for: request.image)) ?? nil : nil
        guard request.platforms.count < 2 || images != nil,
            let stamp = services.store.stamp(of: previous.image, images), stamp == record.blobs
        else { return nil }
        return record
    }

    /// The key of a build; `nil` where something is yet to be fetched for it.
    private func buildKey(
        _ runImage: PlatformServices.RunImage, _ source: String?, _ dependencies: [String]?
    ) throws -> String? {
        guard let source, let dependencies else { return nil }
        let parts = [
            "mixpack \(services.version)", source, try request.hash(KeyedHash(keyFile: cache.key)),
            runImage.image.digest.hex, runImage.place.description, try launcherIdentity(),
        ]
        return try MessageDigest.hex(of: (parts + dependencies).joined(separator: "\n").utf8)
    }

    /// What is copied; what is larger than expected is named before anybody waits for it.
    private func sources() throws -> [SourceEntry] {
        let entries = try SourceWalk.entries(of: request.project, request.selection)
        if let warning = SourceSize(of: entries).warning { emit(.diagnostic(warning)) }
        return entries
    }

    private func launcherIdentity() throws -> String {
        guard let stamp = FileStamp(of: services.launcher) else {
            throw Failure(
                .usage, "the launcher is missing: \(services.launcher)",
                advice: "build or install mixpack again; it comes with mixpack-launcher")
        }
        return stamp.text
    }

    /// The groups in their order, and what their buildpacks say they depend on; `nil` where one cannot tell.
    private func buildpackDependencies() async throws -> [String]? {
        let groups = try OrderExpansion(store: buildpacks).groups(of: buildpacks.order)
        var result = groups.map { "group \($0.map(\.text).joined(separator: " "))" }
        for element in Set(groups.joined().map(\.ignoringOptional)).sorted(by: { $0.title < $1.title }) {
            let buildpack = try buildpacks.buildpack(BuildpackReference(id: element.id, version: element.version))
            let context = try DetectContext(request, services, cache, buildpack: buildpack, reporter: .silent)
            guard let dependencies = try await buildpack.dependencies(context) else { return nil }
            result.append("\(element.id)@\(element.version)")
            result += dependencies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        }
        return result
    }
}

extension GroupElement {
    /// All that detect goes by, in one word.
    fileprivate var text: String {
        title + (isOptional ? "?" : "") + (executionEnvironments.map { ":\($0.joined(separator: ","))" } ?? "")
    }
}
