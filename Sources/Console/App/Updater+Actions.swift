import TerminalUI

extension Updater {
    /// Does what a key, a click, the help or the palette asked for.
    func perform(_ state: inout State, _ action: Action) -> Effects {
        switch action {
        case .showProject: show(&state, .project)
        case .showRelease: show(&state, .release)
        case .showSecrets: show(&state, .secrets)
        case .showBuild: show(&state, .build)
        case .showImage: show(&state, .image)
        case .nextPane: step(&state, by: 1)
        case .previousPane: step(&state, by: -1)
        case .logPane: focus(&state, .log, on: .build)
        case .zoom: change(&state) { $0.isZoomed.toggle() }
        case .grow: change(&state) { $0.growth = min(40, $0.growth + 2) }
        case .shrink: change(&state) { $0.growth = max(-20, $0.growth - 2) }
        case .help: change(&state) { $0.overlay = $0.actionPicker(.help) }
        case .palette: change(&state) { $0.overlay = $0.actionPicker(.palette) }
        case .back: back(&state)
        case .quit: quit(&state)
        case .interrupt: interrupt(&state)
        case .redraw: .redraw
        case .suspend: .stop
        case .mouse: toggleMouse(&state)
        case .theme: askForTheme(&state)
        case .ascii: toggleASCII(&state)
        case .options: askForOption(&state)
        case .build, .retry: startBuild(&state)
        case .copy: copy(&state, all: false)
        case .copyAll: copy(&state, all: true)
        case .edit: edit(&state)
        default: performInPane(&state, action)
        }
    }

    private func performInPane(_ state: inout State, _ action: Action) -> Effects {
        switch action {
        case .up, .down, .top, .bottom, .halfUp, .halfDown, .pageUp, .pageDown: move(&state, action)
        case .left, .right, .scrollLeft, .scrollRight: sideways(&state, action)
        case .open: open(&state)
        case .range: range(&state)
        case .search: askForSearch(&state)
        case .filter: askForFilter(&state)
        case .nextMatch: goToMatch(&state, forward: true)
        case .previousMatch: goToMatch(&state, forward: false)
        case .reload: inspect(state.path)
        case .recent: askForRecent()
        case .openRoot: openUmbrella(&state)
        case .toggle: toggle(&state)
        case .writeProjectFile: writeProjectFile(&state, replaces: false)
        case .writeRelease: proposeRelease(&state)
        case .buildAll: buildAll(&state)
        case .generate: generate(&state)
        case .importValues: askForImport(&state)
        case .clear: clearValue(&state)
        case .add: ask(&state, Prompt(.addVariable, title: "Add a variable of the build", help: "NAME=VALUE"))
        default: performOnBuild(&state, action)
        }
    }

    private func performOnBuild(_ state: inout State, _ action: Action) -> Effects {
        let replaySpeed = state.build.replay?.speed ?? 1
        return switch action {
        case .cancel: interrupt(&state)
        case .clearCache: askToClearCache(&state)
        case .debug:
            change(&state) {
                $0.release.debug.toggle()
                $0.status = StatusMessage(
                    text: $0.release.debug ? "the next build prints its commands" : "the next build prints no commands")
            }
        case .copyCommand: copyCommand(&state)
        case .history: askForHistory(&state)
        case .pause: change(&state) { $0.build.replay?.isPaused.toggle() }
        case .faster: change(&state) { $0.build.replay?.speed = min(64, replaySpeed * 2) }
        case .slower: change(&state) { $0.build.replay?.speed = max(0.25, replaySpeed / 2) }
        case .shell: shell(&state)
        case .watch: watch(&state)
        case .detach: detach(&state)
        case .pager: pager(&state)
        case .compare: compare(&state)
        case .remote: remote(&state)
        case .stop: stop(&state)
        case .run: run(&state)
        case .nextFacts: nextFacts(&state)
        case .packages: showPackages(&state)
        case .export: export(&state)
        default: performOnLog(&state, action)
        }
    }

    private func performOnLog(_ state: inout State, _ action: Action) -> Effects {
        let store = state.build.build.log
        switch action {
        case .follow: state.build.log.setFollows(!state.build.log.follows, in: store)
        case .wrap: state.build.log.wraps.toggle()
        case .timestamps: state.build.log.nextTimestamps()
        case .level: state.build.log.index.setLevel(state.build.log.index.level.next)
        case .nextProblem: return goToProblem(&state, forward: true)
        case .previousProblem: return goToProblem(&state, forward: false)
        case .nextSection: return goToSection(&state, forward: true)
        case .previousSection: return goToSection(&state, forward: false)
        case .fold: return fold(&state)
        case .foldAll: state.build.log.index.setFolded(Set(state.build.build.sections.map(\.heading)))
        case .unfoldAll: state.build.log.index.setFolded([])
        case .save: return saveLog(&state)
        default: return performOnFiles(&state, action) ?? say(&state, "not there yet: \(action.rawValue)")
        }
        return lookOn(&state)
    }

    func change(_ state: inout State, _ body: (inout State) -> Void) -> Effects {
        body(&state)
        return .none
    }

    func ask(_ state: inout State, _ prompt: Prompt) -> Effects {
        state.overlay = .prompt(prompt)
        return .none
    }

    // MARK: Screens and panes

    func show(_ state: inout State, _ screen: Screen) -> Effects {
        state.screen = screen
        state.isZoomed = false
        guard screen == .image, state.image.contents == nil, !state.image.isLoading, state.inspectedPlace == nil else {
            return .none
        }
        if state.build.hasBuild {
            state.image.contents = ImageContents(build: state.build.build)
            return .none
        }
        return state.release.image.isEmpty ? .none : openImage(&state, state.release.image)
    }

    private func focus(_ state: inout State, _ pane: Pane, on screen: Screen) -> Effects {
        state.screen = screen
        state.focus[screen] = pane
        return .none
    }

    /// The next pane; on a narrow screen also the ones that show only while they have the keys.
    private func step(_ state: inout State, by step: Int) -> Effects {
        let panes = Self.panes(of: state)
        guard let index = panes.firstIndex(of: state.focusedPane) else {
            state.focus[state.screen] = panes.first
            return .none
        }
        state.focus[state.screen] = panes[(index + step + panes.count) % panes.count]
        return .none
    }

    static func panes(of state: State) -> [Pane] {
        let ideals = state.idealHeights
        switch state.screen {
        case .project: return [.tree, .plan, .findings, .reads].filter { ideals[$0] != nil }
        case .release: return [.releases, .form, .commandLine]
        case .secrets: return [.variables, .explanation]
        case .build:
            return [.phases, .layers, .layerDetail, .log] + (ideals[.problems] != nil ? [.problems] : [])
        case .image: return [.imageLayers, .files, .facts]
        }
    }

    /// Closes the nearest thing that is open: a range, a filter, the zoom; then goes back a screen; never quits a build.
    private func back(_ state: inout State) -> Effects {
        if state.focusedPane == .log && state.screen == .build && leaveLogMode(&state) { return lookOn(&state) }
        if state.focusedPane == .files, state.screen == .image, state.image.files.filter != nil {
            state.image.files.setFilter(nil)
            return .none
        }
        if state.isZoomed {
            state.isZoomed = false
            return .none
        }
        guard state.inspectedPlace == nil, state.build.replay == nil,
            let before = Screen(rawValue: state.screen.rawValue - 1)
        else {
            return quit(&state)
        }
        state.screen = before
        return .none
    }

    private func leaveLogMode(_ state: inout State) -> Bool {
        if state.build.log.rangeStart != nil {
            state.build.log.rangeStart = nil
        } else if state.build.log.search != nil {
            state.build.log.search = nil
        } else if state.build.log.index.filter != nil {
            state.build.log.index.setFilter(nil)
        } else {
            return false
        }
        return true
    }

    private func quit(_ state: inout State) -> Effects {
        guard state.build.build.isRunning, state.build.replay == nil else { return .quit }
        state.overlay = .confirmation(
            Confirmation(
                title: "Leave and cancel the build?",
                lines: ["The image and the cache of the build before stay as they were."], purpose: .quitDuringBuild))
        return .none
    }

    private func toggleASCII(_ state: inout State) -> Effects {
        state.usesASCII.toggle()
        return .batch(say(&state, state.usesASCII ? "ASCII only" : "all characters"), .redraw)
    }

    private func toggleMouse(_ state: inout State) -> Effects {
        guard state.settings.allowsMouse else { return say(&state, "the mouse is the terminal's: --no-mouse") }
        state.usesMouse.toggle()
        return say(
            &state,
            state.usesMouse ? "the mouse is mixpack's; M gives it back" : "the mouse is the terminal's; M takes it")
    }

    private func nextFacts(_ state: inout State) -> Effects {
        let all = ImageState.Facts.allCases
        let index = all.firstIndex(of: state.image.facts) ?? 0
        state.image.facts = all[(index + 1) % all.count]
        state.image.factsTop = 0
        if LayoutKind(state.size) == .stacked { state.focus[.image] = .facts }
        switch state.image.facts {
        case .waste: return showWaste(&state)
        case .packages: return showPackages(&state)
        default: return .none
        }
    }

    private func askToClearCache(_ state: inout State) -> Effects {
        guard !state.build.build.isRunning else { return say(&state, "a build is at work already") }
        state.overlay = .confirmation(
            Confirmation(
                title: "Build with an empty cache?",
                lines: ["All dependencies are fetched and compiled again."], purpose: .clearCache))
        return .none
    }
}
