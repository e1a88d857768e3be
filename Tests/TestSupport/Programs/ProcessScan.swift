import FoundationEssentials
import Glibc
public import SystemPackage

/// The processes that have to do with a folder: it is in their command line, or mounted where they are, or they are in it.
public enum ProcessScan {
    /// The processes, each as its id and command line.
    public static func processes(under folder: FilePath) throws -> [String] {
        try FilePath("/proc").names().compactMap { Int32($0) }.filter { $0 != getpid() }.compactMap { id in
            let process = FilePath("/proc/\(id)")
            let command = ((try? process.appending("cmdline").readText()) ?? "").split(separator: "\0").joined(
                separator: " ")
            // A process without a command line has ended, and waits for its parent.
            guard !command.isEmpty else { return nil }
            let mounts = (try? process.appending("mountinfo").readText()) ?? ""
            let place =
                (try? FileManager.default.destinationOfSymbolicLink(atPath: process.appending("cwd").string)) ?? ""
            let name = folder.lastComponent?.string ?? folder.string
            // Mounts write a space as \040.
            let mounted = name.split(separator: " ").joined(separator: "\\040")
            let isMine = command.contains(name) || place.contains(name) || mounts.contains(mounted)
            return isMine ? "\(id) \(command)" : nil
        }
    }
}
