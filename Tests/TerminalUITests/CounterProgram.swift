import TerminalUI

/// A program that shows what it was told, for tests of the loop.
struct CounterProgram: Program {
    struct State: Sendable, Equatable {
        var count = 0
        var words: [String] = []
    }

    enum Message: Sendable, Equatable {
        case key(String)
        case add(Int)
        case word(String)
    }

    func start() -> (State, Effect<Message>) { (State(), .none) }

    func message(for event: InputEvent) -> Message? {
        switch event {
        case .key(let chord): .key(chord.description)
        case .paste(let text): .word(text)
        default: nil
        }
    }

    func update(_ state: inout State, _ message: Message) -> Effect<Message> {
        switch message {
        case .add(let amount): state.count += amount
        case .word(let word): state.words.append(word)
        case .key("q"): return .quit
        case .key("w"): return .run(id: "work") { send in for number in 1...3 { send(.add(number)) } }
        case .key("c"): return .cancel("timer")
        case .key("t"): return .after(.seconds(2), id: "timer", send: .word("late"))
        case .key("f"):
            return .subscribe(id: "flood") { send in while !Task.isCancelled { await send.withPace(.add(1)) } }
        case .key("s"): return .withTerminalSuspended { .word("back") }
        case .key("y"): return .batch(.bell, .setClipboard("copied"), .stop, .redraw)
        case .key(let key): state.words.append(key)
        }
        return .none
    }

    func view(_ state: State, size: Size) -> Frame {
        var canvas = Canvas(size: size)
        canvas.write("\(state.count) \(state.words.joined(separator: ","))", at: .zero)
        return Frame(canvas)
    }
}
