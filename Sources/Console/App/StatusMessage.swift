/// The line above the footer: what was just done, or what went wrong.
struct StatusMessage: Sendable, Equatable {
    var text: String
    var isProblem = false
}
