import Diagnostics
import SystemPackage
import TerminalUI

/// The actions that count on every screen, and those of lists, which the focused pane carries out.
extension ConsoleUpdate {
    func perform(_ action: AppAction, _ state: inout ConsoleState) -> Outcome {
        switch action {
        case .showProject: return show(.project, &state)
        case .showRelease: return show(.release, &state)
        case .showSecrets: return show(.secrets, &state)
        case .showBuild: return show(.build, &state)
        case .showImage: return show(.image, &state)
        case .showRun: return show(.run, &state)
        case .showImages: return show(.images, &state)
        case .nextPane: state.stepFocus(by: 1)
        case .previousPane: state.stepFocus(by: -1)
        case .logPane: return state.screen == .run ? .focus(.containerLog, on: .run) : .focus(.log, on: .build)
        case .zoom: state.isZoomed.toggle()
        case .grow: state.growth = min(40, state.growth + 2)
        case .shrink: state.growth = max(-20, state.growth - 2)
        case .help: state.overlay = state.actionPicker(.help)
        case .palette: state.overlay = state.actionPicker(.palette)
        case .back: return goBack(&state)
        case .quit: return .send(.build(.leave))
        case .interrupt: return .send(.build(.interrupt))
        case .redraw: return .effect(.redraw)
        case .suspend: return .effect(.stop)
        case .mouse: return toggleMouse(&state)
        case .theme: state.openThemes()
        case .ascii:
            state.usesASCII.toggle()
            return .batch(
                .say(state.usesASCII ? "ASCII only" : "all characters"), .effect(.redraw), savePreferences(&state))
        case .options: state.openOptions()
        case .build: return .startBuild
        case .copy: return copy(&state, all: false)
        case .copyAll: return copy(&state, all: true)
        case .edit: return edit(state)
        }
        return .none
    }

    func perform(_ action: ListAction, _ state: inout ConsoleState) -> Outcome {
        let pane = state.focusedPane
        if let message = pane.own(action) { return .send(message) }
        let page = state.height(of: pane)
        let rows: Int
        switch action {
        case .up: rows = -1
        case .down: rows = 1
        case .halfUp: rows = -max(1, page / 2)
        case .halfDown: rows = max(1, page / 2)
        case .pageUp: rows = -page
        case .pageDown: rows = page
        case .top: rows = -1_000_000_000
        case .bottom: rows = 1_000_000_000
        case .open: return state.enter.map { .send($0) } ?? .none
        case .left, .right, .scrollLeft, .scrollRight: return .none
        }
        pane.content.move(&state, by: rows, height: page)
        return .none
    }

    func show(_ screen: Screen, _ state: inout ConsoleState) -> Outcome {
        state.screen = screen
        state.isZoomed = false
        if screen == .images { return .send(.images(.shown)) }
        let opened = Outcome.send(.image(.shown(proposal: state.release.image)))
        if screen == .run { return .batch(opened, .send(.run(.look))) }
        return screen == .image ? opened : .none
    }

    /// Closes the nearest thing that is open: a range, a filter, the zoom; then goes back a screen; never quits a build.
    private func goBack(_ state: inout ConsoleState) -> Outcome {
        if let message = state.focusedPane.leaveMode(state) { return .send(message) }
        if state.isZoomed {
            state.isZoomed = false
            return .none
        }
        guard state.screen == .run || (state.image.inspectedPlace == nil && state.build.replay == nil),
            let before = Screen.all.last(where: { $0.number < state.screen.number })
        else { return .send(.build(.leave)) }
        state.screen = before
        return .none
    }

    private func toggleMouse(_ state: inout ConsoleState) -> Outcome {
        guard state.settings.allowsMouse else { return .say("the mouse is the terminal's: --no-mouse") }
        state.usesMouse.toggle()
        let words =
            state.usesMouse ? "the mouse is mixpack's; M gives it back" : "the mouse is the terminal's; M takes it"
        return .batch(.say(words), savePreferences(&state))
    }

    /// Copies the chosen row, or all that the pane shows; a secret is never among it, because panes show none.
    private func copy(_ state: inout ConsoleState, all: Bool) -> Outcome {
        let pane = state.focusedPane
        if let message = pane.copy(state) { return .send(message) }
        let width = max(1, (state.layout.rect(of: pane)?.width ?? 80) - 4)
        return .copy(pane.content.copied(&state, all: all, width: width))
    }

    /// Says which way a copied text took; the terminal's own (OSC 52) is the last one.
    func describeCopy(of text: String, _ receipt: ClipboardReceipt?) -> Outcome {
        if let receipt { return .say("copied (through \(receipt.way))") }
        guard text.utf8.count <= 74_000 else {
            return .problem("too long for the terminal's clipboard: \(text.utf8.count) bytes; s saves it to a file")
        }
        return .batch(.say("copied (through OSC 52)"), .effect(.setClipboard(text)))
    }

    /// Asks for the path of a new file; what is proposed is outside the project, so that watching it starts no build.
    func askWhere(
        _ title: String, _ name: String, _ state: ConsoleState,
        then message: @escaping @Sendable (FilePath) -> ConsoleMessage
    ) -> Outcome {
        let proposal = app.savingFolder().appending(name).string
        var prompt = Prompt(title, text: proposal, help: "a new file; nothing is written over") {
            message(FilePath($0))
        }
        prompt.check = { $0.isEmpty ? "name a file" : nil }
        return .prompt(prompt)
    }

    /// Opens the place that a row names in the user's editor, or else the one that its screen is about.
    private func edit(_ state: ConsoleState) -> Outcome {
        guard let place = state.focusedPane.place(state) ?? state.screen.place(state) else {
            return .say("nothing here names a place in a file")
        }
        let words = app.editorCommand(state.project.path.pushing(FilePath(place.file)), place.line)
        return .onTerminal("the editor") { InteractiveCommand(words) }
    }

    func runOnTerminal(
        _ name: String, _ command: @escaping @Sendable () async throws -> InteractiveCommand
    ) -> Outcome {
        .effect(
            .withTerminalSuspended {
                do {
                    return .app(.ranOnTerminal(name, status: try await app.runOnTerminal(try await command())))
                } catch {
                    return .app(.problem("\(Failure(error, or: .refused))"))
                }
            })
    }
}

extension ConsoleState {
    /// Moves to another pane; on a narrow screen also to the ones that show only while they have the keys.
    mutating func stepFocus(by step: Int) {
        let ideals = idealHeights
        let panes = screen.panes.filter { ideals[$0] != nil }
        guard let index = panes.firstIndex(of: focusedPane) else {
            focus[screen] = panes.first
            return
        }
        focus[screen] = panes[(index + step + panes.count) % panes.count]
    }

    /// Shows a problem in the status line, and whole if the line has no room for it: its end says what to try.
    mutating func showProblem(_ problem: String) {
        let line = String(problem.map { $0.isNewline ? " " : $0 })
        status = StatusMessage(text: line, isProblem: true)
        guard overlay == nil, line.columns > size.width - 2 else { return }
        let paragraphs = problem.split(whereSeparator: \.isNewline).map(String.init)
        overlay = .viewer(Viewer(title: "problem", paragraphs: paragraphs).wrapped(for: size))
    }

    mutating func openThemes() {
        let names = settings.themes.map(\.name)
        let items = names.map { name in
            Picker.Item(
                text: name, detail: name == theme ? "now" : "", chosen: .app(.chooseTheme(name)),
                preview: .app(.previewTheme(name)))
        }
        let cursor = ListState(selection: names.firstIndex(of: theme) ?? 0)
        overlay = .picker(Picker(title: "Theme", items: items, cursor: cursor, left: .app(.previewTheme(theme))))
    }

    /// Opens the list of what can be switched, each with how it stands.
    mutating func openOptions(selection: Int = 0) {
        let items = options.map { Picker.Item(text: $0.text, detail: $0.value, chosen: .app(.chooseOption($0.action))) }
        overlay = .picker(
            Picker(
                title: "Options",
                lines: ["Enter changes one. What config.toml says counts at the next start.", ""],
                items: items, cursor: ListState(selection: selection), left: .app(.leftOptions)))
    }

    var options: [(action: Action, text: String, value: String)] {
        func word(_ isOn: Bool) -> String { isOn ? "on" : "off" }
        let log = build.log
        return [
            (.app(.theme), "Theme", theme), (.app(.ascii), "ASCII only", word(usesASCII)),
            (.app(.mouse), "Mouse", settings.allowsMouse ? word(usesMouse) : "off by --no-mouse"),
            (.log(.follow), "Log: follow the end", word(log.follows)),
            (.log(.wrap), "Log: wrap long lines", word(log.kept.wraps)),
            (.log(.timestamps), "Log: times", log.kept.timestamps.rawValue),
            (.log(.level), "Log: lines", log.index.level.rawValue),
            (.build(.watch), "Build when a file is saved", word(build.kept.watches)),
            (.build(.debug), "Print commands, from the next build on", word(release.debug)),
            (.files(.sort), "Files: sorted by", image.files.sort.rawValue),
            (.files(.permissions), "Files: permissions and owners", word(image.files.showsPermissions)),
        ]
    }
}
