import Lifecycle
import TerminalUI

/// A line that is asked for.
struct Prompt: Sendable {
    enum Purpose: Sendable, Equatable {
        case image
        case tags
        case outputs
        case runImage
        case variable(SecretRow.Identity)
        case secretCommand(SecretRow.Identity)
        case addVariable
        case environmentFile
        case openProject
        case runVariable(name: String)
        case search
        case filter
    }

    /// What is typed into.
    enum Field: Sendable {
        case text(TextFieldState)
        case secret(SecretFieldState)
    }

    var title: String
    var field: Field
    var purpose: Purpose
    /// What to type, in a line or two.
    var help: String
    /// Why the text is not accepted.
    var problem: String?
    /// What was typed here before.
    var history: SearchHistory

    init(
        _ purpose: Purpose, title: String, text: String = "", help: String = "",
        history: SearchHistory = SearchHistory()
    ) {
        self.title = title
        field = .text(TextFieldState(text))
        self.purpose = purpose
        self.help = help
        self.history = history
    }

    /// A line whose characters are never shown.
    init(secret purpose: Purpose, title: String, help: String) {
        self.init(purpose, title: title, help: help)
        field = .secret(SecretFieldState())
    }

    /// Whether it is a line at the foot of the screen, so that what it works on stays in view.
    var isInline: Bool { purpose == .search || purpose == .filter }

    /// The text, where it is no secret.
    var text: String { if case .text(let field) = field { field.text } else { "" } }

    /// A field of text as it may be shown: with dots for a value that is typed behind the name of a secret.
    func shown(_ field: TextFieldState) -> TextFieldState {
        let name = field.text.prefix { $0 != "=" }
        guard purpose == .addVariable, PlatformVariable.isSecretName(String(name)) else { return field }
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

    /// What was typed before, or after, what is shown.
    mutating func recall(older: Bool) {
        guard let text = older ? history.previous() : history.next() else { return }
        field = .text(TextFieldState(text))
    }
}
