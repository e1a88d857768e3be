import ArgumentParser
import Diagnostics
import Lifecycle
import OCIImage
import Text

/// `mixpack images rm IMAGE…`: removes images by name.
struct ImagesRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Removes images from the image store.",
        discussion: """
            Says what it removes and how much that frees, and asks on a terminal. What a build, push or export is reading is \
            freed when that ends. Container engines and registries keep their own images.
            """)

    @Argument(help: ArgumentHelp("The images' names.", valueName: "image"), completion: Candidates.images)
    var images: [String] = []

    @Flag(help: "Remove every image.")
    var all = false

    @OptionGroup
    var consent: RemovalConsent

    mutating func run() async throws {
        guard all != !images.isEmpty else {
            throw Failure(
                .usage, all ? "--all and names do not go together" : "no image is named",
                advice: "mixpack images rm NAME…, or --all for every image")
        }
        let keeping = ImageKeeping(wiring: Wiring(machine: Machine()))
        let holdings = try keeping.holdings()
        let names = all ? holdings.store.images.map(\.reference) : try images.map { try BuildCommand.reference($0) }
        try consent.carryOut(try keeping.plan(removing: names, in: holdings), holdings, keeping)
    }
}

/// `mixpack images prune`: removes what nothing needs, by age and size.
struct ImagesPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Removes what nothing needs: previous images, unused run images, old caches.",
        discussion: """
            Images with names of yours stay without --all, and the cache of every project that still exists stays unless \
            --cache names it. Helpers of toolchains go after 30 days without use.
            """)

    @Option(help: ArgumentHelp("Only what is older: 12h, 30d, 2w.", valueName: "age"))
    var olderThan: String?

    @Option(
        help: ArgumentHelp(
            "Only until all that is left has this size, the oldest first: 500MB, 5GB.", valueName: "size"))
    var keepSize: String?

    @Flag(help: "Images with names of yours too.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "The cache of a project, by its folder or name, whatever its age; the next build starts with an empty one.",
            valueName: "project"), completion: .directory)
    var cache: [String] = []

    @OptionGroup
    var consent: RemovalConsent

    mutating func run() async throws {
        let rules = PruneRules(
            olderThan: try olderThan.map { try PruneRules.age($0) },
            keepSize: try keepSize.map { try PruneRules.size($0) }, takesNamed: all)
        let keeping = ImageKeeping(wiring: Wiring(machine: Machine()))
        let holdings = try keeping.holdings()
        let isNamed = !cache.isEmpty && olderThan == nil && keepSize == nil && !all
        let named = try keeping.steps(removingCaches: cache, in: holdings)
        let ruled =
            isNamed
            ? []
            : PrunePlan(holdings, rules).steps.filter { step in
                !named.contains { $0.subject == step.subject }
            }
        try consent.carryOut(PrunePlan(holdings, naming: named + ruled), holdings, keeping)
    }
}

/// The yes that a removal needs.
struct RemovalConsent: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask. Without a terminal, nothing is removed without this.")
    var yes = false

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    /// Shows a plan, asks, and carries it out.
    /// - Throws: `Failure` of code `usage` if nobody can be asked.
    func carryOut(_ plan: PrunePlan, _ holdings: Holdings, _ keeping: ImageKeeping) throws {
        let text = PruneText(plan: plan, now: holdings.now)
        guard !plan.steps.isEmpty, !dryRun else {
            return print(json ? try text.json(nil) : plan.steps.isEmpty ? "nothing to remove" : text.text)
        }
        if !json { print(text.text) }
        guard try isAgreed(keeping.wiring.machine) else { return print("nothing was removed") }
        let outcome = try keeping.carryOut(plan)
        guard !json else { return print(try text.json(outcome)) }
        outcome.kept.forEach { print("kept: \($0)") }
        print("freed \(Amount.bytes(outcome.freed))" + (outcome.isLater(than: plan) ? Self.later : ""))
    }

    private static let later = "; the rest is freed when nothing reads it any more"

    private func isAgreed(_ machine: Machine) throws(Failure) -> Bool {
        if yes { return true }
        guard machine.hasTerminal, !json else {
            throw Failure(.usage, "nobody can be asked, so nothing was removed", advice: "give --yes")
        }
        print("Remove this? [y/N] ", terminator: "")
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
}

extension Pruning.Outcome {
    /// Whether some of what a plan promises is still read by somebody.
    fileprivate func isLater(than plan: PrunePlan) -> Bool { kept.isEmpty && freed < plan.bytes }
}
