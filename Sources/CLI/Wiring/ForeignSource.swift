import Commands
import Diagnostics
import ElixirBuildpacks
import Files
import ForeignPackages
import Glibc
import HTTP
import LayerArchive
import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SystemPackage

/// Gets what an image for another processor has in place of what was built here: nothing of it is run.
///
/// Erlang's native files come from where this machine's Erlang is from or from an image, the run image from the packages of the
/// mirror where it is made from this machine, and the libraries of dependencies from where these fetch them.
struct ForeignSource: Sendable {
    let wiring: Wiring

    /// The parts of the image.
    /// - Throws: `Failure` that names the native code without a counterpart, or what the mirror lacks.
    func parts(
        _ request: PlatformServices.ForeignRequest, notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.ForeignParts {
        let architecture = try architecture(of: request.platform)
        let launcher = try LauncherBinary.locate(
            executable: wiring.machine.executable, architecture: architecture.name)
        let code = try NativeCodeOfLayers(request.needs.layers)
        let machine = ForeignMachine(wiring: wiring, architecture: architecture, notice: notice)
        let layers = try await ForeignLayers(
            wiring: wiring, request: request, architecture: architecture, machine: machine, notice: notice
        ).copies(of: code)
        let runImage = try await runImage(request, machine)
        let folders = request.needs.layers.map { layers[$0] ?? $0 }
        let findings = try await RunImageCheck(runImage.image, blobs: wiring.store).findings(
            for: folders, scripts: request.needs.programs)
        return PlatformServices.ForeignParts(
            runImage: runImage, launcher: launcher, layers: layers,
            problems: ArchitectureQuestions.warnings(in: request.project)
                + findings.map { finding in
                    Diagnostic(
                        finding.isFatal ? .error : .warning, "\(request.platform): \(finding.message)",
                        advice: finding.advice)
                })
    }

    /// The run image that goes with this machine's: its counterpart, or the one for the platform at the same place.
    private func runImage(
        _ request: PlatformServices.ForeignRequest, _ machine: ForeignMachine
    ) async throws -> PlatformServices.RunImage {
        let own = request.runImage
        guard case .store(let name) = own.place, name.isOwn else {
            var wiring = wiring
            wiring.platform = request.platform
            let held = try await wiring.imported(own.place, as: .namedRunImage)
            let platform = held.image.configuration.platform
            guard platform.architecture == request.platform.architecture else {
                throw Failure(
                    .analysisFailed, "the run image \(own.place) is for \(platform) only",
                    advice: "name a run image that has \(request.platform) too, or leave --run-image out")
            }
            var found = PlatformServices.RunImage(place: own.place, held: held)
            found.missingPrograms = own.missingPrograms
            return found
        }
        return try await counterpart(of: own, machine)
    }

    /// The run image for another platform that goes with one made from this machine.
    /// - Throws: `Failure` that names what the mirror lacks.
    func counterpart(
        of own: PlatformServices.RunImage, for platform: Platform, notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        try await counterpart(
            of: own, ForeignMachine(wiring: wiring, architecture: architecture(of: platform), notice: notice))
    }

    private func counterpart(
        of own: PlatformServices.RunImage, _ machine: ForeignMachine
    ) async throws -> PlatformServices.RunImage {
        let mirror = try await machine.mirror()
        let made = try await ForeignRunImage(
            store: wiring.store, mirror: mirror, installed: try InstalledPackages(), cache: machine.cache
        ).image(for: own.image, blobs: wiring.store)
        if let line = VersionSkew.notice(made.skews, mirror.architecture) { machine.notice(line) }
        return PlatformServices.RunImage(place: .store(made.reference), held: made.held)
    }

    private func architecture(of platform: Platform) throws(Failure) -> DebianArchitecture {
        guard let architecture = DebianArchitecture(platform) else {
            throw Failure(
                .usage, "mixpack knows no platform \(platform)",
                advice: "there are \(DebianArchitecture.all.map(\.platform.description).joined(separator: ", "))")
        }
        return architecture
    }
}

/// The packages of another processor, and where what is made of them is kept.
struct ForeignMachine: Sendable {
    let wiring: Wiring
    let architecture: DebianArchitecture
    let notice: @Sendable (String) -> Void

    var cache: FilePath { wiring.machine.cacheRoot.appending("foreign") }

    /// The mirror that this machine takes its own packages from.
    /// - Throws: `Failure` of code `unsupported` on a machine without apt.
    func mirror() async throws -> ForeignMirror {
        let machine = try await AptMachine.read(wiring.runner, environment: wiring.machine.environment)
        let apt = PrivateApt(
            architecture, machine: machine, cache: cache, runner: wiring.runner, isOffline: wiring.isOffline,
            notice: notice)
        return ForeignMirror(apt, cache: cache)
    }
}
