import BuildpackAPI
import Diagnostics
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Rebase")
struct RebaseTests {
    /// A run image of one layer, in the store.
    private func runImage(
        _ bench: TestBench, _ content: String, labels: [String: String] = [:],
        change: (inout ImageConfiguration) -> Void = { _ in }
    ) async throws -> Image {
        let transaction = try bench.store.begin()
        let layer = try await transaction.addLayer(
            LayerContents([.file(Array(content.utf8), path: "/etc/base", mode: 0o644, owner: .root)]))
        var builder = ImageBuilder()
        builder.append(layer.layer, createdBy: "test \(content)")
        builder.configuration.config.labels = labels
        builder.configuration.config.setVariable("PATH", to: "/base/\(content)")
        change(&builder.configuration)
        let image = try builder.image()
        try await transaction.commit(image, as: [Reference("base-\(content)")])
        return image
    }

    private static func place(_ text: String) throws -> ImagePlace {
        try (try? ImagePlace(text)) ?? .store(Reference(text))
    }

    /// An application image on `old`, then put on `new`.
    private func rebase(
        _ bench: TestBench, from old: Image, onto new: Image, names: (String, String) = ("base", "base"),
        force: Bool = false, edit: (inout ImageBuilder) -> Void = { _ in }
    ) async throws -> (before: Image, report: RebaseReport) {
        let app = try await app(bench, on: old, named: names.0, edit: edit)
        var services = bench.services()
        services.runImage = { _, _ in .init(place: try Self.place(names.1), image: new) }
        var request = RebaseRequest(name: try Reference("app"), image: app, blobs: bench.store)
        request.forces = force
        if names.1.hasPrefix("oci:") { request.runImage = try Self.place(names.1) }
        return (app, try await Rebaser(services: services).rebase(request))
    }

    private func app(
        _ bench: TestBench, on base: Image, named name: String, edit: (inout ImageBuilder) -> Void
    ) async throws -> Image {
        var buildpack = StaticBuildpack("a")
        buildpack.make = { context in
            try context.layersDirectory.appending("l/file").write("x")
            return BuildResult(
                layers: [LayerContribution("l", types: .launch)],
                processes: [ProcessType("web", command: ["x"], isDefault: true)], labels: ["mine": "yes"])
        }
        var services = bench.services()
        services.runImage = { _, _ in .init(place: try Self.place(name), image: base) }
        let creator = Creator(
            buildpacks: BuildpackStore([buildpack], order: [[BuildpackReference(id: "a")]]), services: services)
        let build = creator.create(BuildRequest(image: try Reference("app"), project: bench.project))
        for await _ in build.events {}
        await build.end()
        let image = try #require(try bench.store.image(for: Reference("app")))
        var builder = ImageBuilder(base: image)
        edit(&builder)
        return try builder.image()
    }

    @Test("K1: only the layers up to the run image's top layer are swapped; how the image runs stays")
    func swap() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let old = try await runImage(bench, "old")
            let new = try await runImage(bench, "new") { $0.osVersion = "13" }
            let (before, report) = try await rebase(bench, from: old, onto: new)
            let after = report.image
            #expect(after.layers.map(\.diffID) == new.layers.map(\.diffID) + before.layers.dropFirst().map(\.diffID))
            #expect(after.configuration.history.first?.createdBy == "test new")
            #expect(
                after.configuration.history.dropFirst().map(\.createdBy)
                    == before.configuration.history.dropFirst().map(\.createdBy))
            #expect(after.configuration.config.entrypoint == ["/cnb/process/web"])
            #expect(after.configuration.config.environment == before.configuration.config.environment)
            #expect(after.configuration.config.workingDirectory == "/workspace")
            #expect(after.configuration.config.labels["mine"] == "yes")
            #expect(after.configuration.osVersion == "13")
            #expect(after.configuration.created == "1980-01-01T00:00:01Z")
            #expect(report.keptLayers == 5)
            #expect(try bench.store.image(for: Reference("app"))?.digest == after.digest)
            try await bench.store.validate(after)
        }
    }

    @Test("An image at a place is replaced there, and nothing of it comes to the store; changed packages are named")
    func inPlace() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let (old, new) = (try await runImage(bench, "old"), try await runImage(bench, "new"))
            let app = try await app(bench, on: old, named: "base") { _ in }
            let layout = LayoutDirectory(folder.appending("layout"), tag: "1")
            try await layout.write(app, from: bench.store, progress: nil)
            var services = bench.services()
            services.runImage = { _, _ in .init(place: try Self.place("base"), image: new) }
            services.packages = { image, _ in
                image.layers.map(\.diffID) == new.layers.map(\.diffID)
                    ? ["libc6": "2", "libssl": "1"] : ["libc6": "1", "zlib": "1"]
            }
            var request = RebaseRequest(name: try Reference("other"), image: app, blobs: layout)
            request.place = .layout(layout.path, tag: "1")
            let report = try await Rebaser(services: services).rebase(request)
            let image = try await layout.image()
            #expect(image.digest == report.image.digest && image.digest != app.digest)
            #expect(report.places == ["oci:\(layout.path):1"])
            #expect(report.packages?.map(\.text) == ["libc6 1 -> 2", "libssl 1 is new", "zlib 1 is gone"])
            try await ImageValidator().validate(image, blobs: layout)
            #expect(try bench.store.image(for: Reference("other")) == nil)
            #expect(try bench.store.image(for: Reference("app"))?.digest != image.digest)
        }
    }

    @Test("The images of an index go onto their own platforms' run images together; one that does not fit leaves all")
    func index() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let other = try #require(["amd64", "arm64"].first { $0 != Platform.current.architecture })
            func both(_ content: String) async throws -> [Image] {
                let own = try await runImage(bench, content)
                return [own, try await runImage(bench, "\(content)-\(other)") { $0.architecture = other }]
            }
            let (old, new) = (try await both("old"), try await both("new"))
            let app = try await app(bench, on: old[0], named: "base") { _ in }
            var builder = ImageBuilder(base: app)
            try builder.replaceLowest(1, with: old[1])
            builder.configuration.architecture = other
            builder.configuration.config.labels[LifecycleMetadata.label] = app.configuration.config.labels[
                LifecycleMetadata.label]?
                .replacing(old[0].layers[0].diffID.description, with: old[1].layers[0].diffID.description)
            let images = try MultiPlatformImage([app, try builder.image()])
            _ = try await bench.store.begin().commit(images, as: [Reference("app")])
            var services = bench.services()
            services.runImage = { request, _ in
                .init(place: try Self.place("base"), image: request.platform.isThisMachine ? new[0] : new[1])
            }
            var request = RebaseRequest(name: try Reference("app"), image: app, blobs: bench.store)
            request.images = images
            let layout = LayoutDirectory(folder.appending("layout"), tag: "1")
            request.outputs = [.layout(layout.path, tag: "1")]
            let report = try await Rebaser(services: services).rebase(request)
            let after = try #require(try bench.store.images(for: Reference("app")))
            #expect(after.digest == report.digest && after.platforms == images.platforms)
            for (index, image) in after.images.enumerated() {
                #expect(image.layers[0].diffID == new[index].layers[0].diffID)
                #expect(image.layers.dropFirst().map(\.diffID) == app.layers.dropFirst().map(\.diffID))
                try await bench.store.validate(image)
            }
            #expect(report.others.map(\.image.digest) == [after.images[1].digest] && report.keptLayers == 5)
            #expect(try layout.nestedIndex()?.digest == after.digest)

            // A second time nothing changes, and what does not fit changes nothing.
            request.image = after.images[0]
            request.images = after
            let again = try await Rebaser(services: services).rebase(request)
            #expect(again.isUnchanged && again.others.map(\.isUnchanged) == [true] && again.digest == after.digest)
            services.runImage = { _, _ in .init(place: try Self.place("base"), image: old[0]) }
            let refusing = Rebaser(services: services)
            let failure = await #expect(throws: Failure.self) { try await refusing.rebase(request) }
            #expect(failure?.code == .rebaseFailed && failure?.message.hasPrefix("linux/\(other)") == true)
            #expect(try bench.store.images(for: Reference("app"))?.digest == after.digest)
        }
    }

    @Test(
        "In a registry the run image is read by its name, and no layer of either is; labels tell of changed packages",
        arguments: [true, false])
    func inRegistry(isListed: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let (old, new) = (
                try await runImage(bench, "old", labels: [RunImageLabel.packages: "libc6=1,zlib=1"]),
                try await runImage(bench, "new", labels: isListed ? [RunImageLabel.packages: "libc6=2,zlib=1"] : [:])
            )
            let app = try await app(bench, on: old, named: "docker://r.test/base:1") { _ in }
            var services = bench.services()
            services.runImage = { _, _ in throw Failure(.unsupported, "the run image was fetched") }
            services.existing = { place in
                place == .registry(try Reference("r.test/base:1")) ? (new, UnreadBlobs()) : nil
            }
            services.destination = { _, _ in FixedDestination(digest: try Digest(of: [1])) }
            var request = RebaseRequest(name: try Reference("r.test/app:1"), image: app, blobs: UnreadBlobs())
            request.place = .registry(try Reference("r.test/app:1"))
            let report = try await Rebaser(services: services).rebase(request)
            #expect(report.image.layers.first == new.layers.first)
            #expect(report.pushed.count == 1)
            #expect(report.packages?.map(\.text) == (isListed ? ["libc6 1 -> 2"] : nil))
            #expect(report.image.listedPackages == new.listedPackages)
        }
    }

    @Test("K1: an image without its run image's top layer is exit code 72")
    func noTopLayer() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let old = try await runImage(bench, "old")
            let error = await #expect(throws: Failure.self) {
                try await rebase(bench, from: old, onto: old) { builder in
                    let label = builder.configuration.config.labels[LifecycleMetadata.label] ?? ""
                    builder.configuration.config.labels[LifecycleMetadata.label] = label.replacing(
                        "\"topLayer\":\"sha256:", with: "\"topLayer\":\"sha256:0")
                }
            }
            #expect(error?.code == .rebaseFailed)
        }
    }

    @Test(
        "The new run image has the programs that the image was built with, unless it is forced",
        arguments: [true, false])
    func programs(isForced: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let label = [RunImageLabel.programs: "curl,jq"]
            let (old, new) = (try await runImage(bench, "old", labels: label), try await runImage(bench, "new"))
            let app = try await app(bench, on: old, named: "base") { _ in }
            var services = bench.services()
            services.runImage = { request, _ in
                var runImage = PlatformServices.RunImage(place: try Self.place("base"), image: new)
                runImage.missingPrograms = request.programs.filter { $0 == "jq" }
                #expect(request.programs == ["curl", "jq"])
                return runImage
            }
            var request = RebaseRequest(name: try Reference("app"), image: app, blobs: bench.store)
            request.forces = isForced
            let problem = "the new run image does not have jq, which the image was built with"
            if isForced {
                #expect(try await Rebaser(services: services).rebase(request).warnings == [problem])
            } else {
                let error = await #expect(throws: Failure.self) {
                    try await Rebaser(services: services).rebase(request)
                }
                #expect(error?.message == problem)
            }
        }
    }

    @Test("K2: the label names the new run image; what it says besides stays, known or not")
    func label() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let (old, new) = (try await runImage(bench, "old"), try await runImage(bench, "new"))
            let (before, report) = try await rebase(bench, from: old, onto: new) { builder in
                let label = builder.configuration.config.labels[LifecycleMetadata.label] ?? ""
                builder.configuration.config.labels[LifecycleMetadata.label] =
                    "{\"unknown\":[1,null]," + label.dropFirst()
                builder.annotations = ["url": "https://example.org"]
            }
            #expect(report.image.manifest.annotations == ["url": "https://example.org"])
            let text = report.image.configuration.config.labels[LifecycleMetadata.label] ?? ""
            #expect(text.contains("\"unknown\":[1,null]"))
            let (one, other) = (LifecycleMetadata(of: before), LifecycleMetadata(of: report.image))
            #expect(other.runImage?.topLayer == new.layers.last?.diffID.description)
            #expect(other.runImage?.reference == "index.docker.io/library/base@\(new.digest)")
            #expect(other.runImage?.image == "base:latest")
            #expect((other.app, other.buildpacks, other.stack) == (one.app, one.buildpacks, one.stack))
        }
    }

    @Test(
        "K3: the new run image has the name of the old one or of a mirror, unless it is forced",
        arguments: [
            ("busybox", "index.docker.io/library/busybox:latest", true), ("busybox", "docker://busybox", true),
            ("busybox:1", "busybox:2", false), ("a/b", "gcr.io/a/b", false),
            ("mixpack.local/run-image:1", "mixpack.invalid/run-image:2", true),
            ("oci:/home/ann/base:12", "oci:/srv/base:12", true), ("oci:/home/ann/base:12", "oci:/srv/base:13", false),
        ])
    func names(old: String, new: String, fits: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let (one, other) = (try await runImage(bench, "old"), try await runImage(bench, "new"))
            if fits {
                #expect(try await rebase(bench, from: one, onto: other, names: (old, new)).report.warnings.isEmpty)
                return
            }
            let error = await #expect(throws: Failure.self) {
                try await rebase(bench, from: one, onto: other, names: (old, new))
            }
            #expect(error?.code == .rebaseFailed)
            #expect(error?.advice?.contains("--force") == true)
            let forced = try await rebase(bench, from: one, onto: other, names: (old, new), force: true)
            #expect(forced.report.warnings.count == 1)
            let metadata = LifecycleMetadata(of: forced.report.image)
            let name = new.hasPrefix("oci:") ? "mixpack.invalid/file/base:13" : try Reference(new).description
            #expect(metadata.runImage?.image == name)
            #expect(metadata.stack?.runImage.image == name)
        }
    }

    @Test(
        "The label names a run image as every tool reads names, and no path of the machine",
        arguments: [
            ("docker://r.example/base:12", "r.example/base:12", "r.example/base@"),
            ("docker://debian:12", "debian:12", "index.docker.io/library/debian@"),
            ("docker-daemon:base:12", "base:12", ""),
            ("oci:/home/ann/Base Image:12", "mixpack.invalid/file/base-image:12", "mixpack.invalid/file/base-image@"),
            ("oci-archive:/home/ann/b.tar", "mixpack.invalid/file/b:latest", "mixpack.invalid/file/b@"),
            ("docker-archive:/Ä.tar", "mixpack.invalid/file/image:latest", "mixpack.invalid/file/image@"),
        ])
    func plainNames(place: String, name: String, repository: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let base = try await runImage(bench, "old")
            let app = try await app(bench, on: base, named: place) { _ in }
            let metadata = LifecycleMetadata(of: app)
            #expect(metadata.runImage?.image == name)
            #expect(metadata.stack?.runImage.image == name)
            #expect(
                metadata.runImage?.reference == repository + (repository.isEmpty ? base.id : base.digest).description)
            #expect(!String(decoding: app.configurationBytes, as: UTF8.self).contains("/home"))
        }
    }

    @Test("Without a name, the run image of the label is looked for where it came from; a file must be named")
    func nameless() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let base = try await runImage(bench, "old")
            for (place, expected) in [
                ("docker://debian:12", "docker://debian:12"), ("docker-daemon:base:12", "docker-daemon:base:12"),
            ] {
                let app = try await app(bench, on: base, named: place) { _ in }
                var services = bench.services()
                services.runImage = { request, _ in
                    #expect(request.place?.description == expected)
                    return .init(place: try Self.place(place), image: base)
                }
                let request = RebaseRequest(name: try Reference("app"), image: app, blobs: bench.store)
                #expect(try await Rebaser(services: services).rebase(request).warnings.isEmpty)
            }
            let app = try await app(bench, on: base, named: "oci:/home/ann/base") { _ in }
            let error = await #expect(throws: Failure.self) {
                try await Rebaser(services: bench.services()).rebase(
                    RebaseRequest(name: Reference("app"), image: app, blobs: bench.store))
            }
            #expect(error?.code == .rebaseFailed && error?.advice?.contains("--run-image") == true)
        }
    }

    @Test(
        "K4: platform and distribution have to fit, and the image has to allow it",
        arguments: [
            // The application's labels, the new run image's labels, its architecture, whether it fits
            (["io.buildpacks.rebasable": "false"], [:], "", false),
            (["io.buildpacks.rebasable": "true"], [:], "", true),
            ([:], [:], "sparc", false),
            (
                ["io.buildpacks.base.distro.name": "debian"],
                ["io.buildpacks.base.distro.name": "debian", "io.buildpacks.base.distro.version": "12"], "", false
            ),
            ([:], ["io.buildpacks.base.distro.name": "debian"], "", false),
            (["io.buildpacks.base.distro.name": "debian"], [:], "", true),
            (
                ["io.buildpacks.base.distro.name": "debian", "io.buildpacks.base.distro.version": "12"],
                ["io.buildpacks.base.distro.name": "debian", "io.buildpacks.base.distro.version": "12"], "", true
            ),
            (["io.buildpacks.stack.id": "x"], ["io.buildpacks.stack.id": "y"], "", true),
        ] as [([String: String], [String: String], String, Bool)])
    func fit(app: [String: String], base: [String: String], architecture: String, fits: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let old = try await runImage(bench, "old")
            let new = try await runImage(bench, "new", labels: base) {
                if !architecture.isEmpty { $0.architecture = architecture }
            }
            let edit = { (builder: inout ImageBuilder) in
                builder.configuration.config.labels.merge(app) { $1 }
            }
            guard fits else {
                let error = await #expect(throws: Failure.self) {
                    try await rebase(bench, from: old, onto: new, edit: edit)
                }
                #expect(error?.code == .rebaseFailed)
                let forced = try await rebase(bench, from: old, onto: new, force: true, edit: edit).report
                #expect(forced.warnings.count == 1)
                #expect(architecture.isEmpty || forced.image.configuration.architecture == architecture)
                return
            }
            #expect(try await rebase(bench, from: old, onto: new, edit: edit).report.warnings.isEmpty)
        }
    }

    @Test(
        "K4: an image of a platform before API 0.12 stays on its stack, with all its mixins",
        arguments: [
            ("x", "[\"run:a\",\"build:b\"]", "x", "[\"a\",\"c\"]", true), ("x", "[\"a\"]", "x", "[\"c\"]", false),
            ("x", "[]", "y", "[]", false), ("", "[]", "", "[]", false),
        ])
    func stack(oldID: String, oldMixins: String, newID: String, newMixins: String, fits: Bool) throws {
        let keys = ("io.buildpacks.stack.id", "io.buildpacks.stack.mixins")
        let app = try SampleRunImage.image(labels: [keys.0: oldID, keys.1: oldMixins]) {
            $0.config.setVariable("CNB_PLATFORM_API", to: "0.11")
        }
        let base = try SampleRunImage.image(labels: [keys.0: newID, keys.1: newMixins])
        let runImage = PlatformServices.RunImage(place: try Self.place("any"), image: base)
        let check = RebaseCheck(app: app, metadata: LifecycleMetadata(), runImage: runImage)
        #expect(check.problems().isEmpty == fits)
    }

    @Test("K5: labels of the base and of the stack are the new run image's: changed, added and removed ones")
    func baseLabels() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let old = try await runImage(
                bench, "old", labels: ["io.buildpacks.base.id": "1", "io.buildpacks.base.gone": "1", "other": "old"])
            let new = try await runImage(
                bench, "new",
                labels: ["io.buildpacks.base.id": "2", "io.buildpacks.stack.new": "1", "other": "new", "more": "1"])
            let labels = try await rebase(bench, from: old, onto: new).report.image.configuration.config.labels
            #expect(labels["io.buildpacks.base.id"] == "2")
            #expect(labels["io.buildpacks.base.gone"] == nil)
            #expect(labels["io.buildpacks.stack.new"] == "1")
            #expect(labels["other"] == "old")
            #expect(labels["more"] == nil)
        }
    }

    @Test("K6: without a run image it is the one that the label names; the source stays as it is")
    func defaultRunImage() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let old = try await runImage(bench, "old")
            let app = try await app(bench, on: old, named: "example.org/base") { _ in }
            var services = bench.services()
            services.runImage = { request, _ in
                #expect(request.place?.description == "docker://example.org/base:latest")
                return .init(place: .registry(try Reference("example.org/base")), image: old)
            }
            var request = RebaseRequest(name: try Reference("copy"), image: app, blobs: bench.store)
            let report = try await Rebaser(services: services).rebase(request)
            #expect(report.isUnchanged)
            #expect(try bench.store.image(for: Reference("app"))?.digest == app.digest)
            #expect(try bench.store.image(for: Reference("copy"))?.digest == app.digest)
            request.image = try SampleRunImage.image()
            let unnamed = request
            let error = await #expect(throws: Failure.self) {
                try await Rebaser(services: services).rebase(unnamed)
            }
            #expect(error?.code == .rebaseFailed)
        }
    }
}

/// A source from which nothing may be read.
private struct UnreadBlobs: BlobSource {
    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        throw Failure(.unreadable, "\(descriptor.digest) was read")
    }
}
