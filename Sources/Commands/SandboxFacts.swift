import Synchronization
import SystemPackage

/// What the sandbox of this machine gives, as a program in it finds it.
package struct SandboxFacts: Sendable, Hashable {
    package var hasNetwork = false
    package var seesHome = false
    package var hasCapabilities = false
    /// Whether programs can make user namespaces, in which they have every capability and more of the kernel's code to try.
    package var canMakeNamespaces = false
    package var canWriteCores = true
    /// The largest file that a program may write, in bytes; `nil` without a limit.
    package var fileSize: Int64?

    private static let script = """
        grep CapEff /proc/self/status
        sed 1,2d /proc/net/dev
        grep '^Max \\(core file\\|file\\) size' /proc/self/limits
        if [ -e "$1" ]; then echo home; fi
        if unshare -U true 2>/dev/null; then echo namespaces; fi
        """

    /// Looks from inside.
    /// - Parameter home: the user's home folder.
    /// - Throws: `Failure` where no sandbox starts.
    package init(seenBy runner: any CommandRunner, home: FilePath?) async throws {
        let said = Mutex("")
        let command = Command(
            "/bin/sh", ["-c", Self.script, "sh", home?.string ?? "/root"],
            environment: ["PATH": ProgramLookup.systemPath, "LC_ALL": "C"], workingDirectory: "/",
            sandbox: Sandbox(binds: []))
        _ = try await runner.run(command) { output in said.withLock { $0 += output.text } }
        self.init(reading: said.withLock { $0 })
    }

    /// Reads what the script printed.
    init(reading output: String) {
        for line in output.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            switch words.first {
            case "CapEff:": hasCapabilities = words.last.map { $0.contains { $0 != "0" } } ?? true
            case "home": seesHome = true
            case "namespaces": canMakeNamespaces = true
            case "Max" where words.dropFirst().first == "core": canWriteCores = words.dropFirst(4).first != "0"
            case "Max": fileSize = words.dropFirst(3).first.flatMap { Int64($0) }
            case let name? where name.hasSuffix(":") && name != "lo:": hasNetwork = true
            default: break
            }
        }
    }
}
