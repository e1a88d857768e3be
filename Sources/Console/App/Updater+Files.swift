import OCIImage
import SystemPackage
import TerminalUI

extension Updater {
    /// Opens the tree that the chosen layer and the mode ask for, where it is not the one that is open.
    func followLayer(_ state: inout State) -> Effects {
        guard state.screen == .image, let key = wantedFiles(state), key != state.image.files.key else { return .none }
        state.image.files.begin(key)
        return .run(id: "files") { send in
            do {
                let tree =
                    key.isComparison
                    ? try await environment.comparison(key.image)
                    : try await environment.files(key.image, key.source, key.isMerged)
                send(.filesOpened(key, .success(tree)))
            } catch {
                send(.filesOpened(key, .failure(ConsoleFailure(error))))
            }
        }
    }

    private func wantedFiles(_ state: State) -> FilesState.Key? {
        guard let contents = state.image.contents else { return nil }
        if state.image.previous?.hasFiles == true {
            return FilesState.Key(
                image: contents.name, source: .image(index: 0), isMerged: true, isComparison: true)
        }
        guard let source = state.image.selectedLayer?.source else { return nil }
        let isMerged = if case .image = source { state.image.files.isMerged } else { false }
        return FilesState.Key(image: contents.name, source: source, isMerged: isMerged)
    }

    func take(_ state: inout State, _ key: FilesState.Key, _ result: Result<FileTree, ConsoleFailure>) -> Effects {
        guard key == state.image.files.key else { return .none }
        switch result {
        case .success(let tree): state.image.files.take(tree)
        case .failure(let failure): state.image.files.failure = failure
        }
        return .none
    }

    /// The keys of the files pane; `nil` for any other action.
    func performOnFiles(_ state: inout State, _ action: Action) -> Effects? {
        switch action {
        case .openNode: return openNode(&state)
        case .parent: return goToParent(&state)
        case .foldNode: return toggleNode(&state)
        case .foldNodes: state.image.files.setAllExpanded(false)
        case .unfoldNodes: state.image.files.setAllExpanded(true)
        case .showAdded: state.image.files.toggle(.added)
        case .showModified: state.image.files.toggle(.modified)
        case .showDeleted: state.image.files.toggle(.removed)
        case .showUnmodified: state.image.files.toggle(.unchanged)
        case .aggregate: state.image.files.isMerged.toggle()
        case .sort: nextSort(&state)
        case .permissions: state.image.files.showsPermissions.toggle()
        case .view: return view(&state)
        case .extract: return extract(&state)
        case .waste: return showWaste(&state)
        default: return nil
        }
        return Effects.none
    }

    private func nextSort(_ state: inout State) {
        let all = FilesState.Sort.allCases
        let index = all.firstIndex(of: state.image.files.sort) ?? 0
        state.image.files.setSort(all[(index + 1) % all.count])
    }

    private func openNode(_ state: inout State) -> Effects {
        guard let tree = state.image.files.tree, let id = state.image.files.selected else { return .none }
        guard tree[id].kind == .directory else { return view(&state) }
        let row = state.image.files.rows[state.image.files.list.selection]
        if !row.isExpanded {
            state.image.files.toggle(id)
        } else {
            let count = state.image.files.rows.count
            state.image.files.list.move(by: 1, count: count, height: state.height(of: .files))
        }
        return .none
    }

    private func toggleNode(_ state: inout State) -> Effects {
        guard let tree = state.image.files.tree, let id = state.image.files.selected else { return .none }
        guard tree[id].kind == .directory else { return goToParent(&state) }
        state.image.files.toggle(id)
        return .none
    }

    /// Closes an open folder, or goes to the folder above; from the top to the layers.
    private func goToParent(_ state: inout State) -> Effects {
        let files = state.image.files
        guard files.rows.indices.contains(files.list.selection) else { return .none }
        let row = files.rows[files.list.selection]
        if row.isExpanded && files.filter == nil {
            state.image.files.toggle(row.node)
        } else if let parent = TreeRow.parent(of: files.list.selection, in: files.rows) {
            state.image.files.list.select(parent, count: files.rows.count, height: state.height(of: .files))
        } else {
            state.focus[.image] = .imageLayers
        }
        return .none
    }

    private func location(_ state: State) -> FileLocation? {
        guard let key = state.image.files.key, let tree = state.image.files.tree, let id = state.image.files.selected
        else {
            return nil
        }
        var source = key.source
        // In a tree of several layers, a file is the one of the layer that it comes from.
        if case .image = source, tree[id].layer >= 0 { source = .image(index: Int(tree[id].layer)) }
        return FileLocation(image: key.image, source: source, path: tree.path(of: id))
    }

    private func view(_ state: inout State) -> Effects {
        guard let location = location(state), let tree = state.image.files.tree, let id = state.image.files.selected
        else {
            return .none
        }
        switch tree[id].kind {
        case .file, .hardLink: break
        case .directory: return toggleNode(&state)
        case .symlink, .special: return say(&state, "\(location.path) is no file")
        }
        guard tree[id].change != .removed else { return say(&state, "\(location.path) is gone in this layer") }
        let limit = 1 << 20
        guard tree[id].size <= limit else {
            return say(&state, problem: "\(location.path) has \(ByteCount.text(tree[id].size)); x extracts it")
        }
        return .run(id: "view") { send in
            do {
                send(.fileRead(location.path, .success(try await environment.content(location, limit))))
            } catch {
                send(.fileRead(location.path, .failure(ConsoleFailure(error))))
            }
        }
    }

    func show(_ state: inout State, _ path: String, _ result: Result<[UInt8], ConsoleFailure>) -> Effects {
        switch result {
        case .failure(let failure): return say(&state, problem: "\(failure)")
        case .success(let bytes):
            guard !bytes.prefix(8000).contains(0) else {
                return say(&state, "\(path) is binary: \(ByteCount.text(Int64(bytes.count))); x extracts it")
            }
            let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            let lines = text.map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
            }
            state.overlay = .viewer(Viewer(title: path, lines: lines, note: ByteCount.text(Int64(bytes.count))))
            return .none
        }
    }

    private func extract(_ state: inout State) -> Effects {
        guard let location = location(state) else { return .none }
        return .run { send in
            do {
                send(.saved(.success(try await environment.extract(location))))
            } catch {
                send(.saved(.failure(ConsoleFailure(error))))
            }
        }
    }

    /// The applications in the image: looked up when they are first asked for.
    func showPackages(_ state: inout State) -> Effects {
        state.image.facts = .packages
        state.image.factsTop = 0
        if LayoutKind(state.size) == .stacked { state.focus[.image] = .facts }
        guard state.image.packages == nil, let contents = state.image.contents, contents.manifestDigest != nil else {
            return .none
        }
        return .run(id: "packages") { send in
            do {
                send(.packagesKnown(.success(try await environment.packages(contents.name))))
            } catch {
                send(.packagesKnown(.failure(ConsoleFailure(error))))
            }
        }
    }

    func take(_ state: inout State, _ result: Result<[ImagePackage], ConsoleFailure>) -> Effects {
        switch result {
        case .success(let packages):
            state.image.packages = packages
            return .none
        case .failure(let failure): return say(&state, problem: "\(failure)")
        }
    }

    /// What several layers hold: worked out when it is first asked for.
    func showWaste(_ state: inout State) -> Effects {
        state.image.facts = .waste
        state.image.factsTop = 0
        if LayoutKind(state.size) == .stacked { state.focus[.image] = .facts }
        guard state.image.efficiency == nil, let name = state.image.contents?.name else { return .none }
        return .run(id: "waste") { send in
            do {
                send(.efficiencyKnown(.success(try await environment.efficiency(name))))
            } catch {
                send(.efficiencyKnown(.failure(ConsoleFailure(error))))
            }
        }
    }
}
