import SystemPackage

/// A folder that stands for the whole root in a sandbox, in place of the machine's programs and files.
///
/// It has folders where the binds, `/proc`, `/dev` and `/tmp` go.
package struct SandboxRoot: Sendable, Hashable {
    /// What becomes of what programs change in it.
    package enum Changes: Sendable, Hashable {
        /// Programs cannot change anything.
        case refused
        /// The folder itself changes.
        case kept
        /// What changes goes into this folder, which has to be there, and is seen there by later sandboxes; the root stays as
        /// it is. The kernel has to let it: see `SandboxRoot.isLaidOver`.
        case apart(FilePath)
    }

    /// Whom programs run as; `nil` is the user that runs mixpack, by its own number.
    package struct User: Sendable, Hashable {
        package var id: Int
        package var group: Int
        /// The users and groups of the machine that those in the sandbox are; `nil` is for whoever runs mixpack alone.
        package var range: HostRange?

        package init(id: Int, group: Int, range: HostRange? = nil) {
            self.id = id
            self.group = group
            self.range = range
        }

        /// What the machine calls the owner of the user's files; `nil` is whoever runs mixpack.
        package var machineOwner: (user: Int, group: Int)? {
            range.map { ($0.first + id, $0.first + group) }
        }
    }

    package var folder: FilePath
    package var changes: Changes
    package var user: User?
    /// Whether programs find names as the machine does: by its `/etc/resolv.conf` and `/etc/hosts`.
    package var sharesNames: Bool
    /// What runs its programs where they are for another processor; of a root that nobody changes.
    package var emulator: ProgramEmulator?

    package init(
        _ folder: FilePath, changes: Changes = .refused, user: User? = nil, sharesNames: Bool = false,
        emulator: ProgramEmulator? = nil
    ) {
        self.folder = folder
        self.changes = changes
        self.user = user
        self.sharesNames = sharesNames
        self.emulator = emulator
    }

    /// Whether the kernel lays changes over a root, tried on the two folders with the program `/bin/sh` of the root.
    package func isLaidOver(by runner: any CommandRunner) async -> Bool {
        guard case .apart = changes else { return false }
        let command = Command(
            "/bin/sh", ["-c", ":"],
            environment: ["PATH": ProgramLookup.systemPath], workingDirectory: "/",
            sandbox: Sandbox(binds: [], root: self))
        return (try? await runner.run(command) { _ in })?.isSuccess == true
    }
}

/// Numbers of users and groups of the machine that belong to nobody, as many as an image may name.
///
/// Only root may give files to them. The first is root in the sandbox.
package struct HostRange: Sendable, Hashable {
    package var first: Int
    package var count: Int

    /// High above what people, services and systemd's own containers have.
    private static let standard = HostRange(first: 1_879_048_192 + 65_536, count: 65_536)

    /// The range for sandboxes of whoever runs this process; `nil` where it cannot give files away.
    /// - Parameters:
    ///   - user: who that is.
    ///   - map: the numbers that this process' own user namespace has, as the kernel writes them.
    package init?(user: UInt32, map: String?) {
        let numbers = (map ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        let range = Self.standard
        // In a namespace of an ordinary user's, as in rootless podman, only a few numbers can own anything.
        guard user == 0, numbers.count == 3, numbers[0] == 0, numbers[2] >= range.first + range.count else {
            return nil
        }
        self = range
    }

    init(first: Int, count: Int) {
        self.first = first
        self.count = count
    }

    /// The machine's number for one of the sandbox; what is outside of the range is nobody's.
    package func number(_ id: Int) -> Int { first + ((0..<count).contains(id) ? id : 65_534) }
}
