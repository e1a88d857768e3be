import ArgumentParser
import Diagnostics
import OCIImage

/// `mixpack images`: what the image store holds.
struct ImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Looks after the images of the image store.",
        subcommands: [ImagesVerifyCommand.self])
}

/// `mixpack images verify [IMAGE…]`: reads every blob and compares it with its digest.
struct ImagesVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks that every image is what its digest says.",
        discussion: "Exit codes: 0 all are right, 1 at least one is not, 3 usage.")

    @Argument(
        help: ArgumentHelp("The images' names in the image store; by default all.", valueName: "image"),
        completion: Candidates.images)
    var images: [String] = []

    mutating func run() async throws {
        let store = Wiring(machine: Machine(), registries: RegistryChoices()).services.store
        let names = try images.map { try BuildCommand.reference($0) }
        var wrong = 0
        for reference in names.isEmpty ? store.names() : names {
            try Task.checkCancellation()
            let problems = try await store.problems(of: reference)
            wrong += problems.isEmpty ? 0 : 1
            print("\(reference)  \(problems.isEmpty ? "ok" : "damaged")")
            problems.forEach { print("  \($0)") }
        }
        guard wrong > 0 else { return }
        throw Failure(
            .ruleBroken, "\(wrong) \(wrong == 1 ? "image is" : "images are") damaged",
            advice: "remove the files that are named above, and build or fetch each image again")
    }
}
