import ArgumentParser
import Diagnostics
import Lifecycle
import OCIImage

/// `mixpack run-image`: the run image that mixpack makes from this machine.
struct RunImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-image", abstract: "Works with the run image that is made from this machine.",
        shouldDisplay: false, subcommands: [RunImagePushCommand.self])
}

/// `mixpack run-image push REF`: where others can pull it, to build and to rebase.
struct RunImagePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Pushes the run image that is made from this machine.",
        discussion: """
            Builds and rebases take it by --run-image docker://REF, also on other machines, and so do pack and kpack. \
            It fits the Erlang that the project gets; without --path, the one that the shell starts here. \
            Exit codes: 0 done, 1 it cannot be made, 3 usage, 62 a registry did not take it.
            """)

    @Argument(help: ArgumentHelp("The name in a registry.", valueName: "ref"))
    var reference: String

    @Option(help: ArgumentHelp("Push it under this name too; may be repeated.", valueName: "ref"))
    var mirror: [String] = []

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp("The folder of a project that it is for.", valueName: "dir"), completion: .directory)
    var path: String?

    @Option(help: ArgumentHelp("A program that it is to have; may be repeated.", valueName: "name"))
    var runProgram: [String] = []

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let names = try ([reference] + mirror).map(IndexCommand.name)
        try runProgram.forEach(RunProgramName.check)
        let project = try path.map { try ProjectFolder.checked(machine.absolute($0), "--path \($0)") }
        var made = try await wiring.services.runImage(
            .init(place: nil, needsBash: false, project: project, programs: runProgram)
        ) { StandardError.write($0) }
        try await made.makeWhole { StandardError.write($0) }
        defer { withExtendedLifetime(made) {} }
        for name in names {
            let place = ImagePlace.registry(name)
            if let line = place.registryLine { print(line) }
            do {
                let outcome = try await wiring.services.destination(place, name).write(
                    made.image, from: wiring.store, progress: nil)
                print("pushed \(name.fullRepository)@\(outcome.manifestDigest) as \(name.fullName)")
            } catch let failure as Failure {
                throw failure.failing("cannot push the run image to \(name.fullName)", as: .exportFailed)
            }
        }
    }
}
