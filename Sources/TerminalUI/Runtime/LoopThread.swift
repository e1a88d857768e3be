/// One run of a loop, on the loop's own thread.
struct LoopThread<P: Program> {
    private let loop: ProgramLoop<P>
    private var state: P.State
    private var work: LoopWork<P>
    private var backlog: ArraySlice<LoopItem<P.State, P.Message>> = []
    private var probes: [LoopProbe<P.State>] = []
    private var isDirty = true
    private var isUrgent = true
    private var isSuspended = false
    private var isOver = false
    private var lastFrame: ContinuousClock.Instant?

    /// How long messages are taken in before keys and frames have their turn.
    private let turn = Duration.milliseconds(4)

    init(_ loop: ProgramLoop<P>) {
        self.loop = loop
        let (state, effect) = loop.program.start()
        self.state = state
        work = LoopWork(loop)
        perform(effect)
    }

    /// Runs until the program quits; gives the last state.
    mutating func run() -> P.State {
        // The first event tells the size, so that a program need not be made with one.
        take(.resize(loop.terminal.size))
        drawIfDue()
        while !isOver {
            let (events, items) = loop.inbox.take(timeout: timeout, andItems: backlog.count < 1024)
            backlog.append(contentsOf: items)
            for event in events where !isOver { take(event) }
            takeMessages()
            drawIfDue()
            answerProbes()
        }
        work.cancelAll()
        finish()
        return state
    }

    /// How long nothing needs doing: for ever if all is drawn, until the next frame else.
    private var timeout: Duration? {
        if !backlog.isEmpty { return .zero }
        guard isDirty, !isSuspended, let lastFrame else { return nil }
        return max(.zero, loop.frameInterval - (ContinuousClock.now - lastFrame))
    }

    private mutating func take(_ event: InputEvent) {
        isDirty = true
        isUrgent = true
        if let message = loop.program.message(for: event) {
            apply(message)
        } else if event == .hangup || event == .terminate {
            isOver = true
        }
    }

    private mutating func takeMessages() {
        let start = ContinuousClock.now
        var count = 0
        while !isOver, let item = backlog.popFirst() {
            take(item)
            count += 1
            if count % 8 == 0, loop.inbox.hasEvents || ContinuousClock.now - start > turn { break }
        }
        if backlog.isEmpty { backlog = [] }
    }

    private mutating func take(_ item: LoopItem<P.State, P.Message>) {
        switch item {
        case .message(let message, let source):
            if work.isUnderWay(source) { apply(message) }
        case .ended(let id):
            work.ended(id)
        case .terminalResumed(let message):
            isSuspended = false
            isDirty = true
            isUrgent = true
            if let message { apply(message) }
        case .cancelled:
            isOver = true
        case .probe(let probe):
            probes.append(probe)
        }
    }

    private mutating func apply(_ message: P.Message) {
        isDirty = true
        perform(loop.program.update(&state, message))
    }

    private mutating func perform(_ effect: Effect<P.Message>) {
        for operation in effect.operations {
            switch operation {
            case .quit: isOver = true
            case .withTerminalSuspended(let task):
                isSuspended = true
                work.withTerminalSuspended(task)
            default: work.perform(operation)
            }
        }
    }

    private mutating func drawIfDue() {
        guard isDirty, !isSuspended else { return }
        let now = ContinuousClock.now
        if !isUrgent, let lastFrame, now - lastFrame < loop.frameInterval { return }
        loop.terminal.draw(loop.program.view(state, size: loop.terminal.size))
        isDirty = false
        isUrgent = false
        lastFrame = now
    }

    private mutating func answerProbes() {
        guard !probes.isEmpty else { return }
        let isIdle = work.isIdle && !isSuspended
        var waiting: [LoopProbe<P.State>] = []
        for probe in probes {
            guard !probe.needsIdle || isIdle, probe.condition(state) else {
                waiting.append(probe)
                continue
            }
            isUrgent = true
            drawIfDue()
            probe.answer(state)
        }
        probes = waiting
    }

    private mutating func finish() {
        for probe in probes { probe.answer(nil) }
        for item in backlog + loop.inbox.close() {
            if case .probe(let probe) = item { probe.answer(nil) }
        }
    }
}
