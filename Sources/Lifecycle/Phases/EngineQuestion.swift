import Diagnostics
import OCIImage

/// Whether a container engine answers: asked when a build begins, while it goes on, and needed at its end.
struct EngineQuestion: Sendable {
    private let answer: Task<PlatformServices.EngineAnswer, Never>
    /// The engine's place among the outputs, where it is one.
    private let output: ImagePlace?

    /// Asks; nobody where the request has nothing for an engine.
    init(_ request: BuildRequest, _ services: PlatformServices) {
        let output = request.outputs.first(where: \.isEngine)
        let isWanted = request.usesEngine || output != nil
        self.output = output
        answer = Task { isWanted ? await services.engine() : .unwanted }
    }

    /// Why no engine will get the image, as `silence` says it.
    /// - Throws: `Failure` where an output is an engine, which then cannot be written.
    func check() async throws(Failure) -> Diagnostic? {
        guard let silence = await silence() else { return nil }
        guard let output else { return silence }
        throw Failure(.exportFailed, "\(output): \(silence.text)", advice: silence.advice)
    }

    /// The engine; `nil` where none answers or none is wanted.
    func engine() async -> PlatformServices.Engine? {
        guard case .answers(let engine) = await answer.value else { return nil }
        return engine
    }

    /// Why no engine gets the image: an error where the user named the engine, else a note; `nil` where one gets it.
    func silence() async -> Diagnostic? {
        switch await answer.value {
        case .answers, .unwanted: return nil
        case .silent(let failure, let isNamed):
            return Diagnostic(isNamed ? .error : .note, failure.message, advice: failure.advice)
        }
    }
}

extension ImagePlace {
    /// Whether it is a container engine.
    fileprivate var isEngine: Bool {
        switch self {
        case .engine: true
        case .layout, .layoutArchive, .dockerArchive, .registry, .store: false
        }
    }
}
