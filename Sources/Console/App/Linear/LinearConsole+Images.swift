import Diagnostics
import Lifecycle
import OCIImage
import Text

/// The images and caches of this machine: the Images screen as questions and lines.
extension LinearConsole {
    /// Lists them and asks what to do, until the answer is to go back.
    func keepHouse() async throws(LinearTerminal.Left) {
        while let holdings = await answer({ try await clients.images.holdings() }) {
            terminal.sayLines(LinearText.holdings(holdings))
            let index = try await terminal.choose(
                "What next?",
                [
                    "back", "remove an image", "cache of a project: remove it", "prune what nothing needs",
                    "tag: give an image another name", "verify every image",
                ])
            switch index {
            case 0: return
            case 1: try await removeImage(holdings)
            case 2: try await removeCache(holdings)
            case 3: try await prune(holdings)
            case 4: try await tag(holdings)
            default: await verify(holdings)
            }
        }
    }

    private func removeImage(_ holdings: Holdings) async throws(LinearTerminal.Left) {
        guard let entry = try await image("Which image do you want to remove?", holdings) else { return }
        try await remove(PrunePlan(holdings, naming: [PrunePlan.step(for: entry, "")]), holdings)
    }

    private func image(
        _ question: String, _ holdings: Holdings
    ) async throws(LinearTerminal.Left) -> StoreInventory.Entry? {
        let entries = holdings.store.images
        let index = try await terminal.choose(question, ["back"] + entries.map(\.reference.familiarName))
        return index == 0 ? nil : entries[index - 1]
    }

    private func removeCache(_ holdings: Holdings) async throws(LinearTerminal.Left) {
        let projects = holdings.caches.projects
        let index = try await terminal.choose(
            "Which cache do you want to remove?", ["back"] + projects.map(LinearText.name))
        guard index > 0 else { return }
        let step = PrunePlan.step(for: projects[index - 1], "its next build takes longer")
        try await remove(PrunePlan(holdings, naming: [step]), holdings)
    }

    private func prune(_ holdings: Holdings) async throws(LinearTerminal.Left) {
        terminal.say("Images with names of yours stay unless a choice says otherwise.")
        let proposals = ImagesScreen.proposals
        let rows = proposals.map { "\($0.text), \(Amount.bytes(PrunePlan(holdings, $0.rules).bytes))" }
        let index = try await terminal.choose("What do you want to remove?", ["back"] + rows)
        guard index > 0 else { return }
        try await remove(PrunePlan(holdings, proposals[index - 1].rules), holdings)
    }

    /// Says what it removes and how much that frees; removes it after a yes.
    private func remove(_ plan: PrunePlan, _ holdings: Holdings) async throws(LinearTerminal.Left) {
        guard !plan.steps.isEmpty else { return terminal.say("nothing to remove") }
        terminal.sayLines(plan.steps.map { ImagesScreen.line(of: $0, now: holdings.now) })
        terminal.say("This frees \(Amount.bytes(plan.bytes)).")
        guard try await terminal.confirm("Remove this?", default: false) else {
            return terminal.say("nothing was removed")
        }
        await attempt {
            let outcome = try await clients.images.carryOut(plan)
            return outcome.kept.map { "kept: \($0)" } + ["freed \(Amount.bytes(outcome.freed))"]
        }
    }

    private func tag(_ holdings: Holdings) async throws(LinearTerminal.Left) {
        guard let entry = try await image("Which image gets another name?", holdings) else { return }
        let text = try await terminal.text("A name and a tag, such as shop:1.0")
        let name: Reference
        do { name = try Reference(text) } catch { return terminal.say("not taken: \(error)") }
        let old = holdings.store[name, .image]
        let isTaken = old.map { $0.digest != entry.digest } ?? false
        if isTaken {
            terminal.say("\(name.familiarName) is another image now. It loses the name and goes.")
            guard try await terminal.confirm("Take the name?", default: false) else { return }
        }
        await attempt {
            try await clients.images.tag(entry.reference, name, isTaken)
            return ["\(name.familiarName) is a name of the image now"]
        }
    }

    private func verify(_ holdings: Holdings) async {
        for entry in holdings.store.images {
            await attempt {
                let problems = try await clients.images.verify(entry.reference)
                let name = entry.reference.familiarName
                return problems.isEmpty ? ["\(name) is right"] : problems.map { "\(name) is damaged: \($0)" }
            }
        }
    }
}

extension LinearText {
    /// The images and the caches, one per line, and the sums.
    static func holdings(_ holdings: Holdings) -> [String] {
        let images = holdings.store.images.map { entry in
            let own = holdings.store.freed(by: [entry.item])
            return [
                entry.reference.familiarName, Amount.bytes(entry.size), "\(Amount.bytes(own)) own",
                age(entry.seconds, holdings), holdings.origin(of: entry),
            ].joined(separator: ", ")
        }
        let caches = holdings.caches.projects.map { project in
            "cache of \(name(of: project)), \(Amount.bytes(project.bytes)), used \(age(project.seconds, holdings))"
                + (project.isThere ? "" : ", the project is gone")
        }
        let sizes =
            "\(Amount.bytes(holdings.store.size)) in images, \(Amount.bytes(holdings.caches.size)) in caches"
        return ["", "Images"] + (images.isEmpty ? ["no images yet"] : images) + caches + [sizes]
    }

    static func name(of project: CacheInventory.Project) -> String { project.path?.string ?? project.name }

    private static func age(_ seconds: Int64, _ holdings: Holdings) -> String {
        Amount.age(seconds: Double(holdings.now - seconds))
    }
}
