import Lifecycle
import TerminalUI

/// A line that is asked for.
struct Prompt: Sendable {
    /// What is typed into.
    enum Field: Sendable {
        case text(TextFieldState)
        case secret(SecretFieldState)
    }

    /// A prompt at the foot of the screen, so that what it works on stays in view and follows as one types.
    struct Live: Sendable {
        var mark: String
        var typed: @Sendable (String) -> ConsoleMessage
        var left: ConsoleMessage
    }

    var title: String
    var field: Field
    /// What to type, in a line or two.
    var help: String
    /// Why the text is not accepted.
    var problem: String?
    /// What was typed here before.
    var history = SearchHistory()
    var live: Live?
    /// What Esc does besides closing it.
    var left: ConsoleMessage?
    /// Whether what follows the name of a secret is shown as dots.
    var masksSecrets = false
    /// What is wrong with a text; `nil` accepts it.
    var check: @Sendable (String) -> String? = { _ in nil }
    var submit: @Sendable (String) -> ConsoleMessage

    init(_ title: String, text: String = "", help: String = "", submit: @escaping @Sendable (String) -> ConsoleMessage)
    {
        self.title = title
        field = .text(TextFieldState(text))
        self.help = help
        self.submit = submit
    }

    /// A line whose characters are never shown.
    init(secret title: String, help: String, submit: @escaping @Sendable (String) -> ConsoleMessage) {
        self.init(title, help: help, submit: submit)
        field = .secret(SecretFieldState())
    }

    /// The text, unless it is secret.
    var text: String { if case .text(let field) = field { field.text } else { "" } }

    /// A field of text as it may be shown: with dots for a value that is typed behind the name of a secret.
    func shown(_ field: TextFieldState) -> TextFieldState {
        let name = field.text.prefix { $0 != "=" }
        guard masksSecrets, PlatformVariable.isSecretName(String(name)) else { return field }
        return field.masked(from: name.count + 1)
    }

    mutating func handle(_ event: InputEvent) -> FieldOutcome {
        switch field {
        case .text(var text):
            let outcome = text.handle(event)
            field = .text(text)
            return outcome
        case .secret(var secret):
            let outcome = secret.handle(event)
            field = .secret(secret)
            return outcome
        }
    }

    /// Takes what was typed out of the field; a secret field is wiped.
    mutating func takeText() -> String {
        guard case .secret(var secret) = field else { return text }
        let typed = secret.withValue { $0 }
        secret.wipe()
        field = .secret(secret)
        return typed
    }

    /// Shows what was typed before, or after, what is shown.
    mutating func recall(older: Bool) {
        guard let text = older ? history.previous() : history.next() else { return }
        field = .text(TextFieldState(text))
    }
}
