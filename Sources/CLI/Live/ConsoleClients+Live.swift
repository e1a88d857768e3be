import Console
import Lifecycle
import MixInspection
import RunImages

extension ConsoleClients {
    /// What the console asks of the world, answered by the real one.
    /// - Parameter flags: the build that flags ask for.
    static func live(_ wiring: Wiring, display: DisplayOptions, flags: BuildRequest?) -> ConsoleClients {
        var clients = ConsoleClients()
        clients.app = .live(wiring)
        clients.project = .live(wiring, flags: flags)
        clients.release.propose = { try MixFileEdit(addingReleaseTo: $1, in: $0) }
        clients.release.write = { try $0.write() }
        clients.release.builder = { try await wiring.builderSummary($0, asksRegistry: $1) }
        clients.release.platforms = DebianArchitecture.all.map(\.platform)
        clients.secrets = .live(SecretSources(machine: wiring.machine, runner: wiring.runner))
        clients.build = .live(wiring, display: display)
        clients.image = .live(OpenedImages(wiring: wiring))
        clients.run = .live(BackgroundContainers(wiring: wiring))
        clients.containers = .live(EngineContainers(wiring: wiring))
        clients.images = .live(ImageKeeping(wiring: wiring))
        return clients
    }
}
