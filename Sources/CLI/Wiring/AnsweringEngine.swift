import Commands
import Glibc
import ImageTransports
import Lifecycle
import OCIImage
import SystemPackage

/// A container engine that answers on this machine.
struct AnsweringEngine: Sendable, CustomStringConvertible {
    let api: ContainerEngine
    /// What people type to use it.
    let command: String
    /// Its name and version.
    let description: String
    private let temporaryFolder: FilePath

    /// Looks for one; `nil` where none answers.
    init?(environment: [String: String], store: ImageStore) async {
        guard let api = try? await ContainerEngine.find(environment: environment, user: getuid()) ?? nil,
            let version = try? await api.version()
        else { return nil }
        self.api = api
        let lookup = ProgramLookup(searchPath: environment["PATH"])
        let isPodman = version.name == "Podman"
        command = isPodman && lookup.find("docker") == nil ? "podman" : "docker"
        description = "\(version.name) \(version.version)"
        temporaryFolder = store.root.appending("staging")
    }

    /// The engine as builds use it.
    var service: PlatformServices.Engine {
        PlatformServices.Engine(command: command) { reference in
            EngineImage(api, reference, temporaryFolder: temporaryFolder)
        }
    }
}
