import Diagnostics
import HTTP
import SystemPackage

/// Finds the container engine that docker's or podman's own command would talk to.
package struct EngineSearch: Sendable {
    /// The variable that says that no engine is wanted, by the value `none`.
    package static let variable = "MIXPACK_ENGINE"

    private let candidates: EngineCandidates
    private let isInstalled: @Sendable (String) -> Bool
    private let dial: EngineDialer

    /// Takes what the search needs of the machine.
    /// - Parameters:
    ///   - isInstalled: whether a program is there, looked for as a shell does.
    ///   - dial: starts ssh; by default engines on other machines are not reached.
    package init(
        _ candidates: EngineCandidates, isInstalled: @escaping @Sendable (String) -> Bool,
        dial: @escaping EngineDialer = { (words, _) throws(Failure) in
            throw Failure(.unsupported, "\(words[0]) cannot be run here")
        }
    ) {
        self.candidates = candidates
        self.isInstalled = isInstalled
        self.dial = dial
    }

    /// What came of a search.
    package enum Outcome: Sendable {
        case found(FoundEngine)
        case silent(EngineSilence)
    }

    /// Asks the places one after the other, until one answers; what is named is not passed over.
    package func find() async -> Outcome {
        do {
            guard try !isSwitchedOff() else { return .silent(Self.switchedOff) }
            return await ask(try candidates.list())
        } catch {
            return .silent(EngineSilence(error, isNamed: true))
        }
    }

    /// All engines that answer: the one that is named or found first, and those at the usual places, with their places.
    package func all() async -> [(place: String, found: FoundEngine)] {
        guard (try? isSwitchedOff()) == false else { return [] }
        var engines: [(String, FoundEngine)] = []
        var seen: Set<EngineEndpoint> = []
        for candidate in ((try? candidates.list()) ?? []) + candidates.usual
        where seen.insert(candidate.endpoint).inserted {
            if case .socket(let path) = candidate.endpoint, EngineSocket(at: path) != .open { continue }
            guard let found = try? await engine(at: candidate) else { continue }
            engines.append(("\(found.version.name) \(found.version.version) at \(candidate.endpoint)", found))
        }
        return engines
    }

    private func isSwitchedOff() throws(Failure) -> Bool {
        guard let value = candidates.variable(Self.variable) else { return false }
        guard value == "none" else {
            throw Failure(
                .usage, "\(Self.variable) is \(value)", advice: "the one value is none; unset it to use an engine")
        }
        return true
    }

    private static var switchedOff: EngineSilence {
        var silence = EngineSilence(
            Failure(.notFound, "\(variable)=none: no container engine is used", advice: "unset \(variable)"),
            isNamed: false)
        silence.isSwitchedOff = true
        return silence
    }

    private func ask(_ list: [EngineCandidate]) async -> Outcome {
        let words = EngineSilenceWords(isRoot: candidates.user == 0, isInstalled: isInstalled)
        var attempts: [EngineSilenceWords.Attempt] = []
        for candidate in list {
            var attempt = EngineSilenceWords.Attempt(candidate: candidate)
            do {
                if case .socket(let path) = candidate.endpoint { attempt.socket = EngineSocket(at: path) }
                if let socket = attempt.socket, socket != .open {
                    throw Failure(.transport, "\(socket)")
                }
                return .found(try await engine(at: candidate))
            } catch {
                attempt.error = Failure(error, or: .transport)
            }
            if candidate.isNamed { return .silent(words.named(attempt)) }
            attempts.append(attempt)
        }
        return .silent(words.none(attempts))
    }

    private func engine(at candidate: EngineCandidate) async throws(Failure) -> FoundEngine {
        let engine = try ContainerEngine(candidate.endpoint, dial: dial)
        let version = try await engine.version()
        let installed = Set(EngineProgram.allCases.filter { isInstalled($0.rawValue) })
        return FoundEngine(
            engine: engine, version: version,
            command: candidate.command(
                for: version.program, installed: installed,
                dockerConfiguration: candidates.variable("DOCKER_CONFIG")))
    }
}

/// A container engine that has answered.
package struct FoundEngine: Sendable {
    package let engine: ContainerEngine
    /// What it says of itself.
    package let version: ContainerEngine.Version
    /// The words that people's commands for it begin with.
    package let command: [String]
}
