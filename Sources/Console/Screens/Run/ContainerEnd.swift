import Diagnostics

/// Why a container ended, in words.
struct ContainerEnd: Sendable, Hashable {
    let text: String
    let isFailure: Bool

    /// Reads the engine's account; `lastWords` is what the container printed of its own failure.
    init(_ status: ContainerStatus, wasStopped: Bool, lastWords: String? = nil) {
        let code = status.exitCode
        isFailure = !wasStopped && (code != 0 || status.isOutOfMemory || !status.problem.isEmpty)
        if wasStopped {
            text = Self.forced.contains(code) ? "stopped by force: it did not end within 10 seconds" : "stopped"
        } else if status.isOutOfMemory {
            text = "out of memory: the engine killed it (exit code \(code))"
        } else if !status.problem.isEmpty {
            text = "\(status.problem) (exit code \(code))"
        } else {
            text = Self.meaning(of: code) + (code == 0 ? "" : lastWords.map { ": \($0)" } ?? "")
        }
    }

    /// KILL, as an exit code.
    private static let forced: Set<Int32> = [137]

    private static func meaning(of code: Int32) -> String {
        switch code {
        case 0: "ended by itself (exit code 0)"
        case 125: "the engine could not start it (exit code 125)"
        case 126: "its program cannot be executed (exit code 126)"
        case 127: "its program is not in the image (exit code 127)"
        case 129...192: "ended by \(signal(code - 128)) (exit code \(code))"
        default: "crashed (exit code \(code))"
        }
    }

    private static func signal(_ number: Int32) -> String {
        let names: [Int32: String] = [
            1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 11: "SEGV", 13: "PIPE",
            15: "TERM",
        ]
        return "signal \(number)" + (names[number].map { ", \($0)" } ?? "")
    }
}

extension Failure {
    /// Why the engine did not start a container, from the last of what its command said.
    package static func notStarted(_ image: String, by engine: String, status: Int32, output: String) -> Failure {
        let lines = output.split(whereSeparator: \.isNewline).map(String.init)
        // Docker ends with the advice to read its help.
        let said =
            lines.last {
                !$0.contains("--help") && !$0.contains("failed to start containers:") && !$0.allSatisfy(\.isWhitespace)
            } ?? "status \(status)"
        var reason = said[...]
        for prefix in ["docker: ", "Error: ", "Error response from daemon: "] where reason.hasPrefix(prefix) {
            reason = reason.dropFirst(prefix.count)
        }
        if reason.hasSuffix(".") { reason = reason.dropLast() }
        let words = reason.lowercased()
        if words.contains("already allocated") || words.contains("address already in use")
            || words.contains("port is already")
        {
            return Failure(
                .refused, "a port of this machine is taken: \(reason)",
                advice: "choose another one in Ports on Run, or stop what uses it")
        }
        if ["no such image", "image not known", "unable to find image", "not found locally"].contains(
            where: words.contains)
        {
            return Failure(
                .refused, "\(engine) does not have \(image)", advice: "build it again (b) and let it go to the engine")
        }
        return Failure(.refused, "\(engine) did not start \(image) (status \(status)): \(reason)")
    }
}
