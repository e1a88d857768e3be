import Commands
import Diagnostics
import Files
import Glibc
import ImageTransports
import LayerArchive
import SystemPackage

/// What both programs do before their work: keep what only root can read, become the user, make a folder to work in.
struct ProgramStart {
    let environment: [String: String]
    let credentials: CredentialStore
    /// A folder of the user's, which goes when the program ends.
    let scratch: ScratchFolder

    /// Starts as the user.
    /// - Parameters:
    ///   - folders: what the user must be able to write to.
    ///   - usesEngine: whether an engine is needed, whose socket may be root's.
    /// - Throws: `Failure` if the program cannot become the user.
    init(
        as owner: Owner, owning folders: [FilePath], usesEngine: Bool, _ environment: [String: String]
    ) throws(Failure) {
        // Credentials may be in files that only root can read.
        let programs = CredentialPrograms(
            runner: ContainerRunner(), environment: environment.filter { $0.key != "CNB_REGISTRY_AUTH" })
        credentials = CredentialStore(environment: environment, helper: programs.answer).readingNow()
        scratch = try ScratchFolder(in: FilePath(environment["TMPDIR"] ?? "/tmp"), prefix: "lifecycle-")
        do throws(Failure) {
            let user = ContainerUser(owner)
            var environment = environment
            if user.isPrivileged {
                guard lchown(scratch.path.nameBytes, uid_t(owner.user), gid_t(owner.group)) == 0 else {
                    throw Failure.system(.unwritable, scratch.path.string)
                }
                if usesEngine, let socket = Self.socket(environment) {
                    let relay = try EngineRelay.start(to: socket, in: scratch.path, for: UInt32(owner.user))
                    environment["DOCKER_HOST"] = "unix://\(relay)"
                }
            }
            self.environment = try user.become(owning: folders, environment)
        } catch {
            scratch.remove()
            throw error
        }
    }

    /// The engine's socket; `nil` for an engine elsewhere.
    private static func socket(_ environment: [String: String]) -> FilePath? {
        let host = environment["DOCKER_HOST"] ?? ""
        if host.isEmpty { return "/var/run/docker.sock" }
        return host.hasPrefix("unix://") ? FilePath(String(host.dropFirst("unix://".count))) : nil
    }
}
