/// The work that a loop has under way.
struct LoopWork<P: Program> {
    private struct Entry {
        let id: EffectID?
        let counts: Bool
        let task: Task<Void, Never>
    }

    private let loop: ProgramLoop<P>
    private var entries: [UInt64: Entry] = [:]
    private var last: UInt64 = 0

    init(_ loop: ProgramLoop<P>) {
        self.loop = loop
    }

    /// Whether nothing is under way but subscriptions and timers.
    var isIdle: Bool { !entries.values.contains { $0.counts } }

    /// Whether messages of `source` are still wanted; nil is the world outside.
    func isUnderWay(_ source: UInt64?) -> Bool {
        guard let source else { return true }
        return entries[source] != nil
    }

    mutating func ended(_ id: UInt64) {
        entries[id] = nil
    }

    mutating func perform(_ operation: Effect<P.Message>.Operation) {
        switch operation {
        case .run(let id, let isSubscription, let work): begin(id, counts: !isSubscription, work)
        case .after(let delay, let id, let message):
            let clock = loop.clock
            begin(id, counts: false) { send in
                // Cancelled: the message is not wanted any more.
                guard (try? await clock.sleep(for: delay)) != nil else { return }
                send(message)
            }
        case .cancel(let id): cancel(id)
        case .stop: loop.terminal.stop()
        case .bell: loop.terminal.bell()
        case .notify(let text): loop.terminal.notify(text)
        case .setClipboard(let text): loop.terminal.setClipboard(text)
        case .redraw: loop.terminal.redraw()
        case .quit, .withTerminalSuspended: break
        }
    }

    /// Gives the terminal away while `task` goes on.
    func withTerminalSuspended(_ task: @escaping @Sendable () async -> P.Message?) {
        let terminal = loop.terminal
        let inbox = loop.inbox
        Task {
            await terminal.suspend()
            let message = await task()
            await terminal.resume()
            inbox.put(.terminalResumed(message))
        }
    }

    mutating func cancelAll() {
        for entry in entries.values { entry.task.cancel() }
        entries = [:]
    }

    private mutating func cancel(_ id: EffectID) {
        for (key, entry) in entries where entry.id == id {
            entry.task.cancel()
            entries[key] = nil
        }
    }

    private mutating func begin(_ id: EffectID?, counts: Bool, _ work: @escaping Effect<P.Message>.Work) {
        if let id { cancel(id) }
        last += 1
        let key = last
        let inbox = loop.inbox
        let task = Task {
            let send = Send<P.Message>(
                { inbox.put(.message($0, work: key)) }, withPace: { await inbox.putWithPace(.message($0, work: key)) })
            await work(send)
            inbox.put(.ended(work: key))
        }
        entries[key] = Entry(id: id, counts: counts, task: task)
    }
}
