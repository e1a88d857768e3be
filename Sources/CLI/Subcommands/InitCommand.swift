import ArgumentParser
import Diagnostics
import FoundationEssentials
import Lifecycle
import SystemPackage

/// `mixpack init`: a project.toml with comments.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a project.toml with comments from what is detected.",
        discussion: """
            Choices from the console count too, except secrets. An existing project.toml stays as it is, unless you give \
            --yes.
            """)

    @OptionGroup
    var folder: ProjectFolder

    @Option(
        help: ArgumentHelp("The release to build, if the project has several.", valueName: "name"),
        completion: Candidates.releases)
    var release: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A build variable; NAME alone takes your shell's value.", valueName: "name[=value]")
    )
    var env: [String] = []

    @OptionGroup(title: "What a project may do")
    var consent: ConsentOptions

    @Flag(help: "Replace an existing project.toml.")
    var yes = false

    mutating func run() async throws {
        let machine = Machine()
        let project = try folder.place(machine)
        let store = ChoicesStore(machine)
        let choices = store.choices(for: project)
        var variables = choices?.buildVariables ?? [:]
        for text in env {
            let variable = try EnvironmentFile.variable(text, machine.environment, option: "--env")
            if variable.isSecret {
                throw Failure(
                    .usage, "\(variable.name) is a secret and does not belong in a file",
                    advice: "give it to mixpack build")
            }
            variables[variable.name] = variable.value
        }
        var wiring = Wiring(machine: machine)
        try consent.apply(to: &wiring)
        let writer = ProjectFileWriter(wiring: wiring, project: project)
        try await writer.write(release: release ?? choices?.release, variables: variables, replaces: yes)
        print("wrote \(writer.path): check it, then run mixpack build")
    }
}
