import BuildpackAPI
import Diagnostics
import Digests
import Glibc
import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SystemPackage
import Toolchains

/// Gets the run image of a build: the one made from this machine, or the one that was named.
struct RunImageSource: Sendable {
    let wiring: Wiring

    private var machine: Machine { wiring.machine }
    private var store: ImageStore { wiring.store }

    /// The run image; its blobs stand in the store when this returns.
    func runImage(
        _ request: PlatformServices.RunImageRequest, notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        guard request.platform.isThisMachine else { return try await foreignImage(request, notice) }
        guard let named = request.place else { return try await machineImage(request, notice) }
        let place = await wiring.located(named, notice)
        let runImage = try await imported(place, request.programs, notice)
        // A rebase compares the two images itself.
        guard request.project != nil else { return runImage }
        try check(runImage.image.configuration.platform, of: place)
        guard runImage.missingPrograms.isEmpty else { throw lacks(runImage.missingPrograms, place) }
        return runImage
    }

    /// The run image for another platform: the one at the place that is named, or the counterpart of this machine's.
    private func foreignImage(
        _ request: PlatformServices.RunImageRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        guard let named = request.place else {
            var own = try await machineImage(request, notice)
            try await own.makeWhole(notice)
            return try await ForeignSource(wiring: wiring).counterpart(of: own, for: request.platform, notice: notice)
        }
        var wiring = wiring
        wiring.platform = request.platform
        return try await RunImageSource(wiring: wiring).imported(
            await wiring.located(named, notice), request.programs, notice)
    }

    private func machineImage(
        _ request: PlatformServices.RunImageRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        do {
            try checkInstalled(request.programs)
            let toolchain = try await toolchain(request, notice)
            let files = try request.libraries.map(installed)
            let made = try await maker(request, toolchain, files).image(notice: notice)
            for program in made.programs {
                notice("the run image has \(program.text)")
                if let warning = program.warning { notice("warning: \(warning)") }
            }
            var runImage = PlatformServices.RunImage(place: .store(made.reference), held: made.held) {
                needs, notice in
                try await fit(of: needs, in: made.image, notice) { more in
                    try await maker(request, toolchain, files + more).image(isRead: true) { _ in }
                }
            }
            runImage.whole = { notice in
                try await maker(request, toolchain, files).image(isRead: true, notice: notice).held
            }
            return runImage
        } catch let error as Failure where ExitCode.code(for: error) == ExitCode.ruleBroken {
            throw error.failing("cannot make the run image", as: .analysisFailed)
        }
    }

    /// The programs that an image is asked to have, and what each brings, without making the image.
    /// - Parameter toolchain: the one that builds the project.
    /// - Throws: `Failure` of code `usage` that names those that are not installed.
    func programs(_ names: [String], _ toolchain: Toolchain) throws -> [RunProgram] {
        try checkInstalled(names)
        let request = PlatformServices.RunImageRequest(place: nil, needsBash: false, programs: names)
        return try maker(request, toolchain, []).foundPrograms()
    }

    /// Refuses programs that this machine does not have: nothing is fetched for a run image.
    private func checkInstalled(_ names: [String]) throws(Failure) {
        guard !names.isEmpty else { return }
        let missing = RunProgramFiles().missing(of: Set(names).sorted())
        guard !missing.isEmpty else { return }
        throw Failure(
            .usage,
            "this machine does not have \(missing.joined(separator: ", ")), which the image is to have",
            advice: PackageManager(machine.environment).advice(forPrograms: missing))
    }

    private func lacks(_ programs: [String], _ place: ImagePlace) -> Failure {
        Failure(
            .analysisFailed,
            "the run image \(place) does not have \(programs.joined(separator: ", ")), which the image is to have",
            advice:
                "use a run image that has \(programs.count == 1 ? "it" : "them"): mixpack adds programs only to the "
                + "one that it makes from this machine, for which you leave --run-image out")
    }

    /// Processes of external buildpacks may run in a shell, and releases of plain mix start epmd.
    private func maker(
        _ request: PlatformServices.RunImageRequest, _ toolchain: Toolchain, _ files: [FilePath]
    ) throws -> MachineRunImage {
        let needsBash = request.needsBash
        let files = Set(files.map(\.string)).sorted()
        // Projects that need different libraries do not make each other's image again.
        let more = files + Set(request.programs).sorted().map { "program \($0)" }
        let hash = try more.isEmpty ? "" : "-" + MessageDigest.hex(of: more.joined(separator: "\n").utf8).prefix(12)
        return MachineRunImage(
            erlangRoot: toolchain.erlangRoot, store: store,
            record: machine.cacheRoot.appending("run-image\(needsBash ? "-bash" : "")\(hash).json"),
            searchPath: machine.environment["PATH"] ?? "/usr/bin:/bin",
            moreTools: needsBash ? ["bash", "epmd"] : [], moreFiles: files.map { FilePath($0) },
            programs: request.programs)
    }

    /// A library that an image names, which may come from elsewhere: it is looked for by name, never by path.
    private func installed(_ library: String) throws(Failure) -> FilePath {
        if let place = MachineRunImage.library(named: library) { return place }
        throw Failure(
            .analysisFailed, "the image needs \(library), which this machine does not have",
            advice: PackageManager(machine.environment).advice(
                forLibrary: library, package: LibraryPackage.package(of: library)))
    }

    /// The Erlang that the image is to fit: where the project asks for one that is not there, it is fetched now.
    private func toolchain(
        _ request: PlatformServices.RunImageRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Toolchain {
        guard let project = request.project else { return try Toolchain.discover(environment: machine.environment) }
        return try await wiring.toolchain(of: project, variables: request.variables).provide(notice: notice)
    }

    /// Copies a named run image into the store, where builds take its layers from.
    private func imported(
        _ place: ImagePlace, _ programs: [String], _ notice: @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        if place.isRegistry { notice("looking for the run image at \(place)") }
        let held = try await wiring.imported(place, as: .namedRunImage)
        let image = held.image
        var runImage = PlatformServices.RunImage(place: place, held: held) { needs, _ in
            let problems = try await findings(for: needs, in: image).map(\.diagnostic)
            let taken = try await RunImageCheck(image, blobs: store).paths(needs.links)
            return PlatformServices.Fit(problems: problems, takenPaths: taken)
        }
        runImage.missingPrograms = try await RunImageCheck(image, blobs: store).missing(of: programs)
        return runImage
    }

    /// Another processor's image is refused before anything is built for it.
    private func check(_ platform: Platform, of place: ImagePlace) throws(Failure) {
        let own = wiring.platform
        let isFit =
            platform.os == own.os && (platform.architecture.isEmpty || platform.architecture == own.architecture)
        guard !isFit else { return }
        throw Failure(
            .analysisFailed, "the run image \(place) is for \(platform), releases built here run on \(own)",
            advice: "use a run image for \(own), or leave --run-image out to use one made from this machine")
    }

    /// Adds to the machine's image what the application needs besides, where the machine has it.
    private func fit(
        of needs: PlatformServices.LaunchNeeds, in image: Image, _ notice: @Sendable (String) -> Void,
        _ make: ([FilePath]) async throws -> MachineRunImage.Made
    ) async throws -> PlatformServices.Fit {
        let missing = try await findings(for: needs, in: image, isMachine: true)
        let there = missing.filter { $0.isFatal && $0.installed != nil }
        guard !there.isEmpty else { return PlatformServices.Fit(problems: missing.map(advised)) }
        for (file, findings) in Dictionary(grouping: there, by: { $0.files.first ?? "" }).sorted(by: { $0.key < $1.key }
        ) {
            let names = findings.map(\.subject).joined(separator: ", ")
            notice("adding \(names) to the run image, because \(file) needs \(findings.count == 1 ? "it" : "them")")
        }
        let made: MachineRunImage.Made
        do {
            made = try await make(there.compactMap(\.installed))
        } catch let error as Failure where error.code == .notFound {
            throw error.failing("cannot add to the run image what the release needs", as: .exportFailed)
        }
        let rest = try await findings(for: needs, in: made.image, isMachine: true)
        return PlatformServices.Fit(
            better: (.store(made.reference), made.held), problems: rest.map(advised))
    }

    /// The finding, with advice for an image that is made from this machine.
    private func advised(_ finding: RunImageFinding) -> Diagnostic {
        var diagnostic = finding.diagnostic
        switch finding.kind {
        case .library:
            diagnostic.text = "\(finding.files.first ?? "") needs \(finding.subject), which this machine does not have"
            diagnostic.advice = PackageManager(machine.environment).advice(
                forLibrary: finding.subject, package: LibraryPackage.package(of: finding.subject))
        case .interpreter:
            diagnostic.text =
                "\(finding.files.first ?? "") is run by \(finding.subject), which this machine does not have"
            diagnostic.advice = "install \(finding.subject), or begin the script with #!/bin/sh"
        case .architecture, .dynamicLinker, .openedLibrary, .symbolVersion, .tool, .locale: break
        }
        return diagnostic
    }

    /// What the application needs and the image does not have.
    /// - Parameter isMachine: whether the image was made to fit the runtime's own files.
    private func findings(
        for needs: PlatformServices.LaunchNeeds, in image: Image, isMachine: Bool = false
    ) async throws -> [RunImageFinding] {
        do {
            // Programs of foreign buildpacks need none of what the scripts of a release call.
            let hasRelease = needs.layers.contains {
                access($0.appending("releases/start_erl.data").string, F_OK) == 0
            }
            return try await RunImageCheck(image, blobs: store).findings(
                for: needs.layers, scripts: needs.programs, except: { isMachine && MachineRunImage.fits($0) }
            )
            .filter { hasRelease || ![.tool, .locale].contains($0.kind) }
        } catch let error as Failure {
            throw error.failing("cannot compare the release with the run image", as: .exportFailed)
        }
    }
}

extension RunImageFinding {
    /// The finding as a build tells it.
    fileprivate var diagnostic: Diagnostic { Diagnostic(isFatal ? .error : .warning, message, advice: advice) }
}
