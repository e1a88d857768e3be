import Diagnostics
import OCIImage
import TerminalUI
import Text

extension ImageScreen {
    /// What can be done with the files of a layer.
    enum FilesAction: String, Sendable, CaseIterable {
        case openNode = "files.open"
        case parent = "files.parent"
        case fold = "files.fold"
        case foldAll = "files.fold-all"
        case unfoldAll = "files.unfold-all"
        case showAdded = "files.added"
        case showModified = "files.modified"
        case showDeleted = "files.deleted"
        case showUnmodified = "files.unmodified"
        case aggregate = "files.aggregate"
        case sort = "files.sort"
        case permissions = "files.permissions"
        case view = "files.view"
        case extract = "files.extract"

        private static let inTreemap = "the treemap is shown; t shows the files"
        private static let showsFiles: @Sendable (ConsoleState) -> Bool = { !$0.image.showsTreemap }

        static let keys: [KeyBinding] = [
            KeyBinding(
                .files(.openNode), ["l", "Right"], "open the folder or look at the file"),
            KeyBinding(.files(.parent), ["h", "Left"], "to the folder above"),
            KeyBinding(.files(.fold), ["Space"], "fold the folder, or unfold it"),
            KeyBinding(.files(.foldAll), ["-"], "fold all folders"),
            KeyBinding(.files(.unfoldAll), ["="], "unfold all folders"),
            KeyBinding(.files(.showAdded), ["A"], "show added files, or not"),
            KeyBinding(.files(.showModified), ["m"], "show modified files, or not"),
            KeyBinding(.files(.showDeleted), ["D"], "show deleted files, or not"),
            KeyBinding(.files(.showUnmodified), ["U"], "show unmodified files, or not"),
            KeyBinding(
                .files(.aggregate), ["c"], hint: "aggregate", "one layer, or all up to it", unless: inTreemap,
                when: showsFiles),
            KeyBinding(
                .files(.sort), ["S"], hint: "sort", "sort by size, name or change", unless: inTreemap, when: showsFiles),
            KeyBinding(.files(.permissions), ["p"], "show permissions and owners, or not"),
            KeyBinding(
                .files(.view), ["v"], hint: "view", "look at the file", unless: inTreemap, when: showsFiles),
            KeyBinding(
                .files(.extract), ["x"], "extract the file; asks where to",
                flag: "mixpack inspect --extract PATH"),
        ]
    }

    func perform(_ action: FilesAction, _ state: inout ImageState, area: Rect) -> Outcome {
        guard !state.showsTreemap else { return moveInTreemap(action, &state, area) }
        switch action {
        case .openNode: return openNode(&state.files)
        case .parent: return goToParent(&state.files)
        case .fold: return toggleFolder(&state.files)
        case .foldAll: state.files.setAllExpanded(false)
        case .unfoldAll: state.files.setAllExpanded(true)
        case .showAdded: state.files.toggleHidden(.added)
        case .showModified: state.files.toggleHidden(.modified)
        case .showDeleted: state.files.toggleHidden(.removed)
        case .showUnmodified: state.files.toggleHidden(.unchanged)
        case .aggregate: state.files.isMerged.toggle()
        case .sort: state.files.setSort(state.files.sort.next)
        case .permissions: state.files.showsPermissions.toggle()
        case .view: return view(&state.files)
        case .extract:
            guard let location = state.files.selectedLocation else { return .none }
            return .send(.app(.askToExtract(location)))
        }
        return .none
    }

    /// In the treemap, left and right move in it; what is about the list of files says how to get there.
    private func moveInTreemap(_ action: FilesAction, _ state: inout ImageState, _ area: Rect) -> Outcome {
        switch action {
        case .openNode: state.treemap.move(.right, in: area)
        case .parent: state.treemap.move(.left, in: area)
        case .fold, .foldAll, .unfoldAll, .showAdded, .showModified, .showDeleted, .showUnmodified, .aggregate, .sort,
            .permissions, .view, .extract:
            return .say("t shows the files again; Enter zooms, Esc goes back")
        }
        return .none
    }

    /// Opens the tree that the chosen layer and the mode ask for, unless it is open; follows every update.
    func followLayer(_ state: inout ImageState) -> Outcome {
        if state.factsLayer != state.layers.selection {
            state.factsLayer = state.layers.selection
            state.factsTop = 0
        }
        guard let key = state.wantedFiles else {
            // The files of the layer that was chosen before must not be taken for those of this one.
            state.files.end()
            return .none
        }
        guard key != state.files.key else { return .none }
        state.files.begin(key)
        let failed: @Sendable (Failure) -> ConsoleMessage = { .image(.filesFailed(key, $0)) }
        if let comparand = key.comparand {
            return .ask(id: "files", { try await client.comparison(key.image, comparand) }, failed: failed) {
                .image(.comparisonOpened(key, $0))
            }
        }
        return .ask(id: "files", { try await client.files(key.image, key.source, key.isMerged) }, failed: failed) {
            .image(.filesOpened(key, $0))
        }
    }

    // MARK: Folders

    func openNode(_ files: inout FilesState) -> Outcome {
        guard let tree = files.tree, let row = files.rows.chosen(by: files.list) else { return .none }
        guard tree[row.node].kind == .directory else { return view(&files) }
        if row.isExpanded { files.move(by: 1) } else { files.toggleExpanded(row.node) }
        return .none
    }

    private func toggleFolder(_ files: inout FilesState) -> Outcome {
        guard let tree = files.tree, let id = files.selected else { return .none }
        guard tree[id].kind == .directory else { return goToParent(&files) }
        files.toggleExpanded(id)
        return .none
    }

    /// Closes an open folder, or goes to the folder above; from the top to the layers.
    private func goToParent(_ files: inout FilesState) -> Outcome {
        guard let row = files.rows.chosen(by: files.list) else { return .none }
        if row.isExpanded && files.filter == nil {
            files.toggleExpanded(row.node)
        } else if let parent = TreeRow.parent(of: files.list.selection, in: files.rows) {
            files.select(parent)
        } else {
            return .focus(.imageLayers, on: .image)
        }
        return .none
    }

    // MARK: Files

    private func view(_ files: inout FilesState) -> Outcome {
        guard let location = files.selectedLocation, let tree = files.tree, let id = files.selected else {
            return .none
        }
        switch tree[id].kind {
        case .file, .hardLink: break
        case .directory: return toggleFolder(&files)
        case .symlink, .special: return .say("\(location.path) is not a file")
        }
        guard tree[id].change != .removed else { return .say("\(location.path) is gone in this layer") }
        let limit = 1 << 20
        guard tree[id].size <= limit else {
            return .problem("\(location.path) has \(Amount.bytes(tree[id].size)); x extracts it")
        }
        return .ask(id: "view", { try await client.content(location, limit) }) {
            .image(.fileRead(path: location.path, $0))
        }
    }

    func openViewer(on path: String, _ bytes: [UInt8]) -> Outcome {
        let size = Amount.bytes(Int64(bytes.count))
        guard !bytes.prefix(8000).contains(0) else { return .say("\(path) is binary: \(size); x extracts it") }
        let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let lines = text.map { $0.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ") }
        return .open(.viewer(Viewer(title: path, lines: lines, note: size)))
    }

    // MARK: Filter

    func search(_ action: SearchAction, _ files: inout FilesState) -> Outcome {
        switch action {
        case .next: return goToMatch(&files, forward: true)
        case .previous: return goToMatch(&files, forward: false)
        case .search:
            let start = files.selected
            var prompt = Prompt("Search", help: "regular expression over names; over paths with a /") {
                .image(.searchDone($0))
            }
            prompt.check = { SearchPattern.problem(with: $0) }
            prompt.live = Prompt.Live(
                mark: "/", typed: { .image(.searchTyped($0, from: start)) }, left: .image(.searchLeft(start)))
            return .batch(.focus(.files, on: .image), .prompt(prompt))
        case .filter:
            let text = files.filter?.text ?? ""
            var prompt = Prompt("Filter", text: text, help: "regular expression over paths") {
                .image(.filterTyped($0))
            }
            prompt.check = { SearchPattern.problem(with: $0) }
            prompt.live = Prompt.Live(mark: "&", typed: { .image(.filterTyped($0)) }, left: .image(.filterLeft))
            return .batch(.focus(.files, on: .image), .prompt(prompt))
        }
    }

    /// Follows what is typed; the cursor goes to the first match from where the search began.
    func searchFor(_ text: String, from start: FileTree.ID?, _ files: inout FilesState) -> Outcome {
        do {
            files.setSearch(text.isEmpty ? nil : try SearchPattern(text))
            let match = files.goToMatch(from: start, forward: true, includingStart: true)
            if match == nil, let start { files.reveal(start) }
            return .send(.app(.judgeTyped(problem: match == nil && !text.isEmpty ? "nothing found" : nil)))
        } catch {
            return .send(.app(.judgeTyped(problem: error.message)))
        }
    }

    func finishSearch(_ text: String, _ files: inout FilesState) -> Outcome {
        guard !text.isEmpty else {
            files.setSearch(nil)
            return .none
        }
        return describe(files.goToMatch(from: files.selected, forward: true, includingStart: true), text)
    }

    private func goToMatch(_ files: inout FilesState, forward: Bool) -> Outcome {
        guard let text = files.search?.pattern.text else { return .say("nothing is searched; / begins") }
        return describe(files.goToMatch(from: files.selected, forward: forward), text)
    }

    private func describe(_ match: (Int, Int)?, _ text: String) -> Outcome {
        .say("/\(text)  " + (match.map { "\($0.0) of \($0.1)" } ?? "nothing found"))
    }

    func filter(_ text: String, _ files: inout FilesState) -> Outcome {
        do {
            files.setFilter(text.isEmpty ? nil : try SearchPattern(text))
            return .send(.app(.judgeTyped(problem: files.rows.isEmpty ? "no such file" : nil)))
        } catch {
            return .send(.app(.judgeTyped(problem: error.message)))
        }
    }
}

extension ImageState {
    fileprivate var wantedFiles: FilesState.Key? {
        guard let contents else { return nil }
        if let previous, previous.hasFiles {
            return FilesState.Key(
                image: contents.name, source: .image(index: 0), isMerged: true, comparand: previous.comparand)
        }
        guard let source = selectedLayer?.source else { return nil }
        let isMerged = if case .image = source { files.isMerged } else { false }
        return FilesState.Key(image: contents.name, source: source, isMerged: isMerged)
    }
}

extension FilesState {
    fileprivate var selectedLocation: FileLocation? {
        guard let key, let tree, let id = selected else { return nil }
        var source = key.source
        // In a tree of several layers, a file is the one of the layer that it comes from.
        if case .image = source, tree[id].layer >= 0 { source = .image(index: Int(tree[id].layer)) }
        return FileLocation(image: key.image, source: source, path: tree.path(of: id))
    }
}
