import Diagnostics
import Glibc
import Lifecycle
import OCIImage
import RunImages
import Toolchains

/// Gets the build image and the run image of a builder that names none.
struct StackSource: Sendable {
    /// What they are made from.
    enum Origin: Sendable, Hashable {
        case machine
        case debian(DebianSuite)

        /// Reads `--from`: nothing is this machine.
        /// - Throws: `Failure` of code `usage` that names the choices.
        init(_ text: String?) throws(Failure) {
            self = if let text { .debian(try DebianSuite(text)) } else { .machine }
        }
    }

    /// An image in the machine's image store, which stays there as long as this.
    struct Made: Sendable {
        let reference: Reference
        let held: HeldImage
    }

    let wiring: Wiring
    let origin: Origin

    private var machine: Machine { wiring.machine }

    /// The build image; it stands in the store when this returns.
    func buildImage(notice: @escaping @Sendable (String) -> Void) async throws -> Made {
        let made: MachineBuildImage.Made
        switch origin {
        case .machine:
            let toolchain = try Toolchain.discover(environment: machine.environment)
            let tools = BuildTools(
                erlang: BuildTools.Tool(root: toolchain.erlangRoot, version: toolchain.otpVersion),
                elixir: BuildTools.Tool(root: toolchain.elixirRoot, version: toolchain.elixirVersion))
            made = try await MachineBuildImage(
                tools: tools, store: wiring.store, record: machine.cacheRoot.appending("build-image.json")
            ).image(notice: notice)
        case .debian(let suite): made = try await debian(suite).images(notice: notice).build
        }
        for remark in made.remarks { notice(remark) }
        return Made(reference: made.reference, held: made.held)
    }

    /// The run image that fits it; it stands in the store when this returns.
    func runImage(notice: @escaping @Sendable (String) -> Void) async throws -> Made {
        switch origin {
        case .machine:
            let request = PlatformServices.RunImageRequest(place: nil, needsBash: true)
            let made = try await RunImageSource(wiring: wiring).runImage(request, notice: notice)
            guard case .store(let reference) = made.place, let held = made.held else {
                throw Failure(.analysisFailed, "the run image of this machine is not in the image store")
            }
            return Made(reference: reference, held: held)
        case .debian(let suite):
            let made = try await debian(suite).images(notice: notice).run
            return Made(reference: made.reference, held: made.held)
        }
    }

    private func debian(_ suite: DebianSuite) -> DebianImages {
        DebianImages(
            suite: suite, store: wiring.store, folder: machine.cacheRoot.appending("debian"), runner: wiring.runner,
            environment: machine.environment, now: { Double(time(nil)) })
    }
}
