import Diagnostics
import SystemPackage

/// Why there is no container engine to use, and the cure: the same words in a build, in doctor and in the console.
package struct EngineSilence: Sendable, Hashable {
    /// What is wrong, and what to try.
    package var failure: Failure
    /// Whether the user named the engine that does not answer.
    package var isNamed: Bool
    /// Whether the user wants no engine, so that there is nothing to say.
    package var isSwitchedOff = false

    package init(_ failure: Failure, isNamed: Bool) {
        self.failure = failure
        self.isNamed = isNamed
    }

    /// What is said where no place has anything, by what is installed.
    package static func words(isRoot: Bool, installed: Set<String>) -> EngineSilence {
        EngineSilenceWords(isRoot: isRoot) { installed.contains($0) }.none([])
    }
}

/// Puts into words why an engine does not answer.
struct EngineSilenceWords {
    /// Whether the user is root, who needs no sudo.
    let isRoot: Bool
    /// Whether a program is installed.
    let isInstalled: (String) -> Bool

    /// A place that was asked, and what came of it.
    struct Attempt {
        var candidate: EngineCandidate
        var socket: EngineSocket?
        var error: Failure?
    }

    private var sudo: String { isRoot ? "" : "sudo " }
    private var startDocker: String { "\(sudo)systemctl start docker" }
    private var startPodman: String { "systemctl \(isRoot ? "" : "--user ")start podman.socket" }

    /// What was named does not answer.
    func named(_ attempt: Attempt) -> EngineSilence {
        let failure = Failure(
            .transport, "\(attempt.candidate.name) does not answer: \(reason(attempt))",
            advice: "\(cure(attempt)), or \(attempt.candidate.wayOut)")
        return EngineSilence(failure, isNamed: true)
    }

    /// Nothing was named, and nothing answers: what stands most in the way comes first.
    func none(_ attempts: [Attempt]) -> EngineSilence {
        let obstacle =
            attempts.first { if case .forbidden = $0.socket { true } else { false } }
            ?? attempts.first { $0.socket != .missing && $0.socket != .deserted }
        let failure = obstacle.map { attempt in
            Failure(.transport, "\(attempt.candidate.name): \(reason(attempt))", advice: cure(attempt))
        }
        return EngineSilence(failure ?? stopped, isNamed: false)
    }

    private func reason(_ attempt: Attempt) -> String {
        switch attempt.socket {
        case .missing: "there is no such socket"
        case .forbidden: "permission denied"
        case .deserted: "nothing listens at the socket"
        case .broken(let words): words
        case .open, nil: attempt.error?.message ?? "it is not a container engine"
        }
    }

    private func cure(_ attempt: Attempt) -> String {
        switch attempt.socket {
        case .forbidden(let group):
            guard group == nil, case .usual(.podman, _) = attempt.candidate.origin else {
                return "sudo usermod -aG \(group ?? "docker") $USER, then log in again"
            }
            return startPodman
        case .missing, .deserted, .broken, .open, nil: return start(attempt.candidate)
        }
    }

    private func start(_ candidate: EngineCandidate) -> String {
        switch (candidate.endpoint, candidate.origin) {
        case (.socket(FilePath("/var/run/docker.sock")), _), (.socket(FilePath("/run/docker.sock")), _),
            (_, .usual(.docker, isOwn: true)):
            startDocker
        case (_, .usual(.docker, isOwn: false)): "systemctl --user start docker"
        case (.socket(let path), _) where path.string.hasSuffix("/podman/podman.sock"): startPodman
        case (_, .usual(.podman, _)): startPodman
        case (.socket, _), (.network, _): "start the engine there"
        case (.ssh(let address), _):
            "see what this says: ssh \(address.user.map { $0 + "@" } ?? "")\(address.host) \(address.program.rawValue) version"
        }
    }

    /// What is installed, and how it is started.
    private var stopped: Failure {
        let hasDocker = isInstalled("dockerd")
        let hasPodman = isInstalled("podman")
        switch (hasDocker, hasPodman) {
        case (true, true):
            return Failure(
                .notFound, "Docker is installed, but stopped; Podman is installed, but its socket is not on",
                advice: "\(startDocker), or \(startPodman)")
        case (true, false): return Failure(.notFound, "Docker is installed, but stopped", advice: startDocker)
        case (false, true):
            return Failure(.notFound, "Podman is installed, but its socket is not on", advice: startPodman)
        case (false, false):
            guard isInstalled("docker") else {
                return Failure(
                    .notFound, "no container engine is installed",
                    advice: "\(sudo)apt-get install podman, then \(startPodman)")
            }
            return Failure(
                .notFound, "docker's command is installed, but no engine answers it",
                advice: "choose the engine's context: docker context ls, then docker context use NAME")
        }
    }
}
