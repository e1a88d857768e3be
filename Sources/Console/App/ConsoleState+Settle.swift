import TerminalUI

extension ConsoleState {
    /// Brings cursors and windows within what there is: after every update, and for a screen of another size.
    mutating func settle() {
        let layout = self.layout
        for (pane, rect) in layout.panes {
            let height = max(0, rect.height - 2)
            if pane == .log {
                build.log.settle(build.build.log, width: max(1, rect.width - 4), height: height)
            } else if pane == .files {
                image.files.list.fit(count: image.files.rows.count, height: height)
            } else if let path = Self.cursorPath(of: pane), let rows = rows(of: pane) {
                self[keyPath: path].fit(count: rows.count, height: height)
            }
        }
    }

    /// The rows that a pane shows at once.
    func height(of pane: Pane) -> Int { max(1, (layout.rect(of: pane)?.height ?? 3) - 2) }

    /// Whether an action can do anything now: the footer leaves others out.
    func isUseful(_ action: Action) -> Bool {
        switch action {
        case .cancel: build.build.isRunning && build.running != nil
        case .retry: build.hasBuild && !build.build.isRunning && build.replay == nil
        case .build: build.running == nil && build.replay == nil && inspectedPlace == nil
        case .openRoot: project.inspection?.project?.umbrellaRoot != nil
        case .pause, .faster, .slower: build.replay != nil
        case .run, .remote, .waste, .packages, .compare, .export: image.contents?.manifestDigest != nil
        case .open: openHint != nil
        case .generate: secrets.selected?.isSecret == true
        case .clear: secrets.selected?.value != nil
        default: true
        }
    }

    /// The help or the palette: the nearest groups first in help, all in the palette.
    func actionPicker(_ mode: ActionPicker<Action>.Mode) -> Overlay? {
        keys.picker(mode, first: groups) { isUseful($0) ? nil : "not now" }.map { .actions($0) }
    }

    /// What Enter does where one is, in a word.
    var openHint: String? {
        switch focusedPane {
        case .tree, .plan: "next"
        case .findings, .reads, .problems: "show"
        case .releases: release.releases.isEmpty ? nil : "choose"
        case .form: "change"
        case .variables: "set"
        case .layers, .imageLayers: "files"
        case .phases, .layerDetail, .commandLine, .explanation, .log, .files, .facts: nil
        }
    }
}
