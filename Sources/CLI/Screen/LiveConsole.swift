import Commands
import Console
import FoundationEssentials
import Glibc
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage

/// What the console may ask of the world, answered by the real one.
struct LiveConsole: Sendable {
    let wiring: Wiring
    let display: DisplayOptions
    /// The build that flags ask for.
    var flags: BuildRequest?

    private var choices: ChoicesStore {
        ChoicesStore(cacheRoot: wiring.machine.cacheRoot, now: { Date().timeIntervalSince1970 })
    }
    private var secrets: SecretSources { SecretSources(machine: wiring.machine, runner: wiring.runner) }
    private var builds: ConsoleBuilds { ConsoleBuilds(wiring: wiring, display: display) }

    /// The console's environment.
    var environment: ConsoleEnvironment {
        var environment = ConsoleEnvironment()
        fillProjects(&environment)
        fillSecrets(&environment)
        fillBuilds(&environment)
        fillImages(&environment)
        fillContainers(&environment)
        fillTools(&environment)
        return environment
    }

    private func fillProjects(_ environment: inout ConsoleEnvironment) {
        let inspections = ProjectInspections(
            wiring: wiring, given: flags?.buildpacks ?? [], variables: flags?.platformVariables ?? [])
        environment.inspect = { inspections.inspect($0) }
        let trust = wiring.trust
        environment.trustProject = { try trust.trust($0) }
        environment.recentProjects = { choices.recentProjects() }
        environment.loadChoices = { choices.choices(for: $0) }
        environment.saveChoices = { choices.save($1, for: $0) }
        environment.clock = Machine.now
        environment.proposeRelease = { try MixFileEdit(addingReleaseTo: $1, in: $0) }
        environment.writeEdit = { try $0.write() }
        environment.writeProjectFile = { folder, choices, replaces in
            let writer = ProjectFileWriter(wiring: wiring, project: folder)
            guard replaces || !writer.isThere else { return nil }
            try await writer.write(release: choices.release, variables: choices.buildVariables, replaces: replaces)
            return writer.path
        }
    }

    private func fillSecrets(_ environment: inout ConsoleEnvironment) {
        environment.generateSecret = { secrets.generate($0) }
        environment.variable = { secrets.variable($0) }
        environment.readVariables = { try secrets.variables(in: $0) }
        environment.runSecretCommand = { try await secrets.run($0) }
    }

    private func fillBuilds(_ environment: inout ConsoleEnvironment) {
        environment.build = { builds.start($0) }
        environment.pastBuilds = { builds.past(of: $0) }
        environment.pastBuild = { try builds.events(of: $0, id: $1) }
        environment.buildShell = { try BuildShell(wiring: wiring, project: $0).command() }
        environment.changes = { ProjectChanges().changes(of: $0) }
        let detached = DetachedOutput(running: wiring.running)
        environment.printPlainly = { await detached.print($0, $1) }
    }

    private func fillImages(_ environment: inout ConsoleEnvironment) {
        let images = OpenedImages(wiring: wiring)
        environment.openImage = { try await images.open($0) }
        environment.imageReport = { try await images.report($0) }
        environment.files = { try await images.tree($0, $1, isMerged: $2) }
        environment.previousImage = { try await images.previous($0) }
        environment.comparison = { try await images.comparison($0) }
        environment.packages = { try await images.packages($0) }
        environment.content = { try await images.content($0, limit: $1) }
        environment.extract = { try await images.extract($0) }
        environment.efficiency = { try await images.efficiency($0) }
    }

    private func fillContainers(_ environment: inout ConsoleEnvironment) {
        let containers = EngineContainers(wiring: wiring)
        environment.runCommand = { try await containers.runCommand(image: $0, ports: $1, variables: $2) }
        environment.remoteCommand = { try await containers.remoteCommand(image: $0, program: $1) }
        environment.stopContainers = { try await containers.stop(image: $0) }
        environment.containerLog = { containers.log(image: $0) }
    }

    private func fillTools(_ environment: inout ConsoleEnvironment) {
        let tools = TerminalTools(machine: wiring.machine, runner: wiring.runner)
        environment.runInteractively = { try await tools.run($0) }
        environment.editorCommand = { tools.editorCommand(file: $0, line: $1) }
        environment.pagerCommand = { tools.pagerCommand(file: $0) }
        environment.copy = { await tools.copy($0) }
        environment.saveText = { try tools.save($1, as: $0) }
    }
}
