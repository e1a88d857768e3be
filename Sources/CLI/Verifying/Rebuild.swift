import Diagnostics
import Files
import Lifecycle
import OCIImage
import Reports
import Synchronization
import SystemPackage

/// A build from scratch whose image is only looked at: it uses nothing that other builds compiled, and leaves nothing.
struct Rebuild {
    let wiring: Wiring
    let request: BuildRequest

    /// A name of mixpack's own for the image.
    static func name() throws(Failure) -> Reference {
        try OwnImage.verify.reference(String(UInt64.random(in: .min ... .max), radix: 16))
    }

    /// Builds, compares, and removes what it made.
    /// - Throws: `ProgramExit` with the build's exit code if it fails; the failure is printed by then.
    func compared(with original: ImageFiles) async throws -> Verification {
        let parent = wiring.machine.environment["TMPDIR"].map { FilePath($0) } ?? "/tmp"
        let scratch = try ScratchFolder(in: parent, prefix: "mixpack-verify-")
        defer {
            scratch.remove()
            _ = try? wiring.store.remove([StoreItem(request.image)])
        }
        var wiring = wiring
        wiring.scratch = scratch.path
        try await build(wiring)
        guard let image = try wiring.store.image(for: request.image) else {
            throw Failure(.exportFailed, "the build left no image")
        }
        return try await Verification(original, with: ImageFiles(image, blobs: wiring.store))
    }

    private func build(_ wiring: Wiring) async throws {
        let current = CurrentBuild()
        let signals = BuildSignals(running: wiring.running) { current.cancel() }
        defer { signals.stop() }
        let reporter = Mutex(QuietReporter(to: TextSink(FileDescriptor.standardError)))
        let build = wiring.creator.create(request) { event in reporter.withLock { $0.handle(event) } }
        current.begin(build)
        var last: LifecycleEvent?
        for await event in build.events where event.isTerminal { last = event }
        await build.end()
        current.end()
        try signals.first.map { throw ProgramExit(code: ExitCode.cancelled, signal: $0) }
        switch last?.kind {
        case .finished: return
        case .failed(let failure): throw ProgramExit(code: failure.exitCode)
        default: throw ProgramExit(code: ExitCode.cancelled)
        }
    }

    private typealias ExitCode = Lifecycle.ExitCode
}
