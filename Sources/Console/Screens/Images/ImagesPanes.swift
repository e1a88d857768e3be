import Lifecycle
import OCIImage
import TerminalUI
import Text

extension Screen {
    static let images: Screen = .init(
        number: 7, title: "Images", keys: .images, panes: [.storedImages, .projectCaches, .storedFacts],
        firstPane: .storedImages,
        status: { state in
            guard let holdings = state.images.holdings else { return StyledLine() }
            let prunable = PrunePlan(holdings, PruneRules()).bytes
            let sizes =
                "\(Amount.bytes(holdings.store.size)) in images, \(Amount.bytes(holdings.caches.size)) in caches"
            return StyledLine(sizes + (prunable > 0 ? "; nothing needs \(Amount.bytes(prunable))" : ""), .status)
        },
        progress: { state, _ in
            state.images.toVerify.map { StyledLine("verifying, \($0) to go", .statusMode) }
        }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked: return request.column([.storedImages, .projectCaches, .storedFacts], in: body)
        case .two, .three:
            let width = kind == .two ? 44 : 66
            let (left, right) = body.split(right: width - request.growth(left: [.storedImages]))
            let rows = min((request.ideals[.projectCaches] ?? 4) + 2, right.height / 2)
            let (facts, caches) = right.split(bottom: max(3, rows))
            return [(.storedImages, left), (.projectCaches, caches), (.storedFacts, facts)]
        }
    }
}

extension Pane {
    static let storedImages: Pane = .init(
        name: "storedImages", title: { _ in "Images" },
        content: ListContent(cursor: \.images.images) { state in
            ImagesRows.images(
                state.images, width: (state.layout.rect(of: .storedImages)?.width ?? state.size.width) - 4)
        },
        height: { max(1, $0.images.entries.count) },
        enter: { $0.images.selected == nil ? nil : Enter("open", .images(.open)) })

    static let projectCaches: Pane = .init(
        name: "projectCaches", title: { _ in "Caches of projects" },
        content: ListContent(cursor: \.images.caches) { state in
            ImagesRows.caches(
                state.images, width: (state.layout.rect(of: .projectCaches)?.width ?? state.size.width) - 4)
        },
        height: { max(1, $0.images.projects.count) })

    static let storedFacts: Pane = .init(
        name: "storedFacts", title: { _ in "About it" },
        content: TextContent(top: \ConsoleState.images.factsTop) { ImagesRows.facts($0, width: $1) },
        height: { _ in 7 })
}

/// What the panes of the Images screen say.
enum ImagesRows {
    /// The images by name: the columns that there is room for, sizes at the right.
    static func images(_ state: ImagesState, width: Int) -> [PaneRow] {
        guard let holdings = state.holdings else {
            return [
                PaneRow(
                    StyledLine(state.failure?.message ?? "looking…", state.failure == nil ? .textDim : .stateFailed))
            ]
        }
        guard !state.entries.isEmpty else { return [PaneRow(StyledLine("no images yet; `b` builds one", .textDim))] }
        return state.entries.map { row(of: $0, holdings, state, width: width) }
    }

    private static func row(
        of entry: StoreInventory.Entry, _ holdings: Holdings, _ state: ImagesState, width: Int
    ) -> PaneRow {
        let own = Amount.bytes(holdings.store.freed(by: [entry.item]))
        var columns = StyledLine(Amount.bytes(entry.size).leftPadded(to: 8), .number)
        if width >= 100 {
            columns.append("\(Amount.bytes(holdings.store.shared(entry)).leftPadded(to: 9)) shared", .textDim)
        }
        columns.append("\(own.leftPadded(to: 9)) own", .textDim)
        // Names need the room more.
        if width >= 66 { columns.append(state.age(entry.seconds).leftPadded(to: 13), .textDim) }
        let digest = width >= 86 ? (entry.digest?.short ?? "").padded(to: 14) : ""
        let problems = state.problems[entry.reference.familiarName]
        let isDamaged = entry.digest == nil || problems?.isEmpty == false
        let (mark, role): (String, Role) =
            isDamaged ? ("!", .stateFailed) : problems == nil ? (" ", .textDim) : ("✓", .stateOK)
        let name = entry.reference.familiarName
        let room = max(8, width - columns.columns - digest.columns - 4)
        var line = StyledLine("\(mark) ", role)
        line.append(name.shortened(to: room).padded(to: room), entry.isOwn ? .textDim : .textStrong)
        line.append(digest, .textDim)
        var row = PaneRow(line, trailing: columns)
        if name.columns > room { row.whole = "\(name) \(digest)" }
        return row
    }

    /// The caches of projects, with their sizes and when they were last used.
    static func caches(_ state: ImagesState, width: Int) -> [PaneRow] {
        guard !state.projects.isEmpty else {
            return [PaneRow(StyledLine(state.holdings == nil ? "looking…" : "no project was built yet", .textDim))]
        }
        return state.projects.map { project in
            let columns = StyledLine(Amount.bytes(project.bytes).leftPadded(to: 8), .number)
                .adding(state.age(project.seconds).leftPadded(to: 13), .textDim)
            let name = project.path?.string ?? project.name
            let room = max(8, width - columns.columns - 2)
            var row = PaneRow(
                StyledLine(name.shortened(to: room), project.isThere ? .text : .textDim), trailing: columns)
            row.whole = name
            return row
        }
    }

    /// The chosen image or cache, explained.
    static func facts(_ state: ConsoleState, width: Int) -> [StyledLine] {
        guard let holdings = state.images.holdings else { return [] }
        let facts =
            state.focusedPane == .projectCaches
            ? state.images.selectedCache.map { cache($0, state.images) } ?? []
            : state.images.selected.map { image($0, holdings, state.images) } ?? []
        return facts.flatMap { name, value in
            TextWrap.lines(value, width: max(1, width - 10)).enumerated().map { index, text in
                StyledLine((index == 0 ? name : "").padded(to: 10), .textDim).adding(text)
            }
        }
    }

    private static func image(
        _ entry: StoreInventory.Entry, _ holdings: Holdings, _ state: ImagesState
    ) -> [(String, String)] {
        let store = holdings.store
        var facts = [
            ("name", entry.reference.familiarName), ("from", holdings.origin(of: entry)),
            ("digest", entry.digest?.description ?? "cannot be read"),
            ("size", "\(Amount.bytes(entry.size)), of which others have \(Amount.bytes(store.shared(entry)))"),
            ("own", "removing it frees \(Amount.bytes(store.freed(by: [entry.item])))"),
        ]
        if let previous = store[entry.reference, .previous] {
            facts.append(("previous", "kept to compare with, \(state.age(previous.seconds))"))
        }
        let tags = store.images.filter { $0.digest == entry.digest && $0 != entry && entry.digest != nil }
        if !tags.isEmpty { facts.append(("also", tags.map(\.reference.familiarName).joined(separator: ", "))) }
        for problem in state.problems[entry.reference.familiarName] ?? [] { facts.append(("damaged", problem)) }
        return facts
    }

    private static func cache(_ project: CacheInventory.Project, _ state: ImagesState) -> [(String, String)] {
        [
            ("project", project.path?.string ?? project.name),
            ("folder", project.folder.string),
            ("size", "\(Amount.bytes(project.bytes)): layers, what builds keep, logs"),
            ("used", state.age(project.seconds)),
            ("", project.isThere ? "the next build without it takes longer" : "the project is gone"),
        ]
    }
}

extension String {
    /// The text at the right end of so many columns.
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }
}
