import Files
import Glibc
import SystemPackage

/// The processes that a build started and did not live to end, known by a variable in their environment.
struct LeftoverProcesses {
    /// The variable that marks every process of a build; its value is the path of the build's lock.
    static let variable = "MIXPACK_BUILD_LOCK"

    private let marker: String

    init(markedBy lock: FilePath) { marker = "\(Self.variable)=\(lock)" }

    /// Kills them.
    func end() {
        for name in FilePath("/proc").names {
            guard let process = pid_t(name), process != getpid(), isMarked(process) else { continue }
            kill(process, SIGKILL)
        }
    }

    private func isMarked(_ process: pid_t) -> Bool {
        guard let file = try? FileDescriptor.open("/proc/\(process)/environ", .readOnly, options: .closeOnExec) else {
            return false
        }
        defer { try? file.close() }
        var environment: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32_768)
        while let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            environment += chunk.prefix(count)
        }
        return environment.split(separator: 0).contains { $0.elementsEqual(marker.utf8) }
    }
}
