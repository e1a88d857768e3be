import Diagnostics
import Lifecycle
import OCIImage
import TerminalUI
import Text

/// The Images screen: what the image store and the caches hold, and keeping house there.
struct ImagesScreen: Sendable {
    let client: ImagesClient

    enum Action: String, Sendable, CaseIterable {
        case reload = "images.reload"
        case compare = "images.compare"
        case tag = "images.tag"
        case remove = "images.remove"
        case prune = "images.prune"
        case verify = "images.verify"

        static let keys: [KeyBinding] = [
            KeyBinding(
                .images(.compare), ["P"], hint: "compare", "compare the image with its previous one, or with another",
                flag: "mixpack inspect --compare IMAGE", unless: "no image is chosen", when: hasImage),
            KeyBinding(
                .images(.tag), ["a"], hint: "tag", "give the image another name", flag: "mixpack images tag IMAGE NAME",
                unless: "no image is chosen", when: hasImage),
            KeyBinding(
                .images(.remove), ["D", "Del"], hint: "delete", "remove the image or the cache; asks first",
                flag: "mixpack images rm IMAGE", unless: "no image and no cache is chosen"
            ) { $0.focusedPane == .projectCaches ? $0.images.selectedCache != nil : $0.images.selected != nil },
            KeyBinding(
                .images(.prune), ["p"], hint: "prune", "remove what nothing needs, by age and size; asks first",
                flag: "mixpack images prune"),
            KeyBinding(
                .images(.verify), ["v"], hint: "verify", "read every image and compare it with its digests",
                flag: "mixpack images verify", unless: "no image is chosen", when: hasImage),
            KeyBinding(.images(.reload), ["r"], "look again", flag: "mixpack images"),
        ]

        private static let hasImage: @Sendable (ConsoleState) -> Bool = { $0.images.selected != nil }
    }

    enum Message: Sendable {
        case shown
        case looked(Holdings)
        case failed(Failure)
        /// Open the chosen image on Image.
        case open
        case compare(StoreInventory.Entry, Comparand)
        case tag(StoreInventory.Entry, String)
        case replaceTag(StoreInventory.Entry, Reference)
        case tagged(Reference)
        case askForAge(takesNamed: Bool)
        case askForSize
        case ask(PruneRules)
        case carryOut(PrunePlan)
        case carriedOut(Pruning.Outcome)
        case verified(Reference, [String])
        case verificationEnded(Failure?)
    }

    func perform(_ action: Action, _ state: inout ImagesState, focus: Pane) -> Outcome {
        switch action {
        case .reload: look(&state)
        case .compare: askWhatToCompareWith(state)
        case .tag: state.selected.map { askForTag($0) } ?? .none
        case .remove: focus == .projectCaches ? removeCache(state) : removeImage(state)
        case .prune: askWhatToPrune(state)
        case .verify: verify(&state)
        }
    }

    func receive(_ message: Message, _ state: inout ImagesState) -> Outcome {
        switch message {
        case .shown: return state.isLoading ? .none : look(&state)
        case .looked(let holdings):
            state.isLoading = false
            state.failure = nil
            state.holdings = holdings
            let names = Set(holdings.store.images.map(\.reference.familiarName))
            state.problems = state.problems.filter { names.contains($0.key) }
        case .failed(let failure):
            state.isLoading = false
            state.failure = failure
        case .open:
            guard let name = state.selected?.reference.familiarName else { return .none }
            return .send(.image(.open(name)), .app(.show(.image)))
        case .compare(let entry, let comparand):
            let name = entry.reference.familiarName
            return .send(.image(.openToCompare(name, comparand)), .app(.show(.image)))
        case .tag(let entry, let text): return tag(entry, text, state)
        case .replaceTag(let entry, let name): return tag(entry, name, replaces: true)
        case .tagged(let name): return .batch(.say("\(name.familiarName) is a name of the image now"), look(&state))
        case .askForAge(let takesNamed): return askForAge(takesNamed: takesNamed)
        case .askForSize: return askForSize()
        case .ask(let rules):
            guard let holdings = state.holdings else { return .none }
            return ask(PrunePlan(holdings, rules), "Prune", state)
        case .carryOut(let plan):
            return .batch(
                .say("removing…"),
                .ask(id: "prune", { try await client.carryOut(plan) }) { .images(.carriedOut($0)) })
        case .carriedOut(let outcome):
            let freed = "freed \(Amount.bytes(outcome.freed))"
            let text = outcome.kept.first.map { "\(freed); kept: \($0)" } ?? freed
            return .batch(.say(text), look(&state))
        case .verified(let name, let problems):
            state.problems[name.familiarName] = problems
            state.toVerify = state.toVerify.map { $0 - 1 }
        case .verificationEnded(let failure):
            state.toVerify = nil
            if let failure { return .problem("\(failure)") }
            let damaged = state.problems.values.filter { !$0.isEmpty }.count
            let all = "\(Amount.count(state.problems.count, "image")) verified"
            return damaged == 0 ? .say("\(all): all are intact") : .problem("\(all): \(damaged) damaged, see About it")
        }
        return .none
    }

    private func look(_ state: inout ImagesState) -> Outcome {
        state.isLoading = true
        return .ask(id: "holdings", { try await client.holdings() }, failed: { .images(.failed($0)) }) {
            .images(.looked($0))
        }
    }

    private func askWhatToCompareWith(_ state: ImagesState) -> Outcome {
        guard let entry = state.selected, let store = state.holdings?.store else { return .none }
        var items: [Picker.Item] = []
        if let previous = store[entry.reference, .previous] {
            items.append(
                .init(
                    text: "the previous image", detail: state.age(previous.seconds),
                    chosen: .images(.compare(entry, .previous))))
        }
        items += store.images.filter { $0 != entry && !$0.isOwn }.map { other in
            let name = other.reference.familiarName
            return .init(text: name, detail: state.age(other.seconds), chosen: .images(.compare(entry, .image(name))))
        }
        guard !items.isEmpty else { return .say("no other image to compare with") }
        return .pick("Compare \(entry.reference.familiarName) with", items)
    }

    // MARK: Names

    private func askForTag(_ entry: StoreInventory.Entry) -> Outcome {
        let name = entry.reference.familiarName
        var prompt = Prompt("Another name for \(name)", text: name, help: "a name and a tag, such as shop:1.0") {
            .images(.tag(entry, $0))
        }
        prompt.check = { text in
            do throws(Failure) {
                _ = try Reference(text)
                return nil
            } catch {
                return error.message
            }
        }
        return .prompt(prompt)
    }

    /// Asks before a name is taken away from another image.
    private func tag(_ entry: StoreInventory.Entry, _ text: String, _ state: ImagesState) -> Outcome {
        guard let name = try? Reference(text) else { return .none }
        guard let old = state.holdings?.store[name, .image], old.digest != entry.digest else {
            return tag(entry, name, replaces: false)
        }
        return .confirm(
            "Take the name?",
            [
                "\(name.familiarName) is another image now, of \(state.age(old.seconds)).",
                "It loses the name and goes.",
            ],
            yes: .images(.replaceTag(entry, name)))
    }

    private func tag(_ entry: StoreInventory.Entry, _ name: Reference, replaces: Bool) -> Outcome {
        .ask(id: "tag", { try await client.tag(entry.reference, name, replaces) }) { .images(.tagged(name)) }
    }

    // MARK: Removing

    private func removeImage(_ state: ImagesState) -> Outcome {
        guard let entry = state.selected, let holdings = state.holdings else { return .none }
        return ask(PrunePlan(holdings, naming: [PrunePlan.step(for: entry, "")]), "Delete the image?", state)
    }

    private func removeCache(_ state: ImagesState) -> Outcome {
        guard let project = state.selectedCache, let holdings = state.holdings else { return .none }
        let step = PrunePlan.step(for: project, "its next build takes longer")
        return ask(PrunePlan(holdings, naming: [step]), "Delete the cache?", state)
    }

    /// Proposals with what each would free.
    private func askWhatToPrune(_ state: ImagesState) -> Outcome {
        guard let holdings = state.holdings else { return .none }
        let items = Self.proposals.map { proposal in
            Picker.Item(
                text: proposal.text, detail: Amount.bytes(PrunePlan(holdings, proposal.rules).bytes),
                chosen: .images(.ask(proposal.rules)))
        }
        return .pick(
            "Prune", lines: ["Images with names of yours stay unless a row says otherwise.", ""],
            items + [
                .init(text: "named images too, older than…", chosen: .images(.askForAge(takesNamed: true))),
                .init(text: "named images too, until a size is left…", chosen: .images(.askForSize)),
            ])
    }

    /// What can be pruned, in words.
    static let proposals: [(text: String, rules: PruneRules)] = [
        ("what nothing needs", PruneRules()),
        ("what nothing needs, older than 30 days", PruneRules(olderThan: month)),
        ("named images too, older than 30 days", PruneRules(olderThan: month, takesNamed: true)),
    ]
    private static let month = 30 * 86_400.0

    private func askForAge(takesNamed: Bool) -> Outcome {
        var prompt = Prompt("Older than", text: "30d", help: "a number with h, d or w, such as 30d") { text in
            .images(.ask(PruneRules(olderThan: try? PruneRules.age(text), takesNamed: takesNamed)))
        }
        prompt.check = { text in Self.problem { () throws(Failure) in _ = try PruneRules.age(text) } }
        return .prompt(prompt)
    }

    private func askForSize() -> Outcome {
        var prompt = Prompt(
            "Keep at most", text: "5GB", help: "a number with MB or GB, such as 5GB, for images and caches together"
        ) {
            .images(.ask(PruneRules(keepSize: try? PruneRules.size($0), takesNamed: true)))
        }
        prompt.check = { text in Self.problem { () throws(Failure) in _ = try PruneRules.size(text) } }
        return .prompt(prompt)
    }

    private static func problem(_ read: () throws(Failure) -> Void) -> String? {
        do throws(Failure) {
            try read()
            return nil
        } catch {
            return "\(error.message); \(error.advice ?? "")"
        }
    }

    /// Says what goes and how much that frees, and asks.
    private func ask(_ plan: PrunePlan, _ title: String, _ state: ImagesState) -> Outcome {
        guard !plan.steps.isEmpty else { return .say("nothing to remove") }
        let shown = plan.steps.prefix(8)
        let now = state.holdings?.now
        var lines = shown.map { Self.line(of: $0, now: now ?? $0.seconds) }
        if plan.steps.count > shown.count { lines.append("and \(plan.steps.count - shown.count) more") }
        return .confirm(
            title, lines + ["", "This frees \(Amount.bytes(plan.bytes))."], yes: .images(.carryOut(plan)))
    }

    /// What goes, how old it is, and why nothing needs it.
    static func line(of step: PrunePlan.Step, now: Int64) -> String {
        let age = step.seconds > 0 ? ", \(Amount.age(seconds: Double(now - step.seconds)))" : ""
        return "\(step.name)\(age)\(step.reason.isEmpty ? "" : ": \(step.reason)")"
    }

    // MARK: Verifying

    private func verify(_ state: inout ImagesState) -> Outcome {
        guard state.toVerify == nil else { return .say("the images are being verified") }
        let names = state.entries.map(\.reference)
        state.toVerify = names.count
        state.problems = [:]
        return .run(id: "verify") { send in
            do {
                for name in names { send(.images(.verified(name, try await client.verify(name)))) }
                send(.images(.verificationEnded(nil)))
            } catch {
                send(.images(.verificationEnded(Failure(error, or: .refused))))
            }
        }
    }
}

extension ImagesState {
    /// How long ago a moment was when the store was looked at.
    func age(_ seconds: Int64) -> String { Amount.age(seconds: Double((holdings?.now ?? seconds) - seconds)) }
}
