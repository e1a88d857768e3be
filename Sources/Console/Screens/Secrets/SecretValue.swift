import SecretSearch

/// A value that must never be seen: it prints as dots and its length, in every way Swift has of printing.
package struct SecretValue: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    private let buffer: SecretBuffer

    /// Takes a value; its memory is overwritten when it goes.
    package init(_ value: String) { buffer = SecretBuffer(value) }

    /// How many characters it has.
    package var count: Int { buffer.withValue { $0.count } }
    /// Whether there is nothing in it.
    package var isEmpty: Bool { buffer.count == 0 }
    /// `••• (24 chars)`.
    package var description: String { isEmpty ? "not set" : "••• (\(count) chars)" }
    /// The same as `description`.
    package var debugDescription: String { description }
    /// Nothing to look into.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Hands the value to `body`, the only way to it: for the build, an engine or a clipboard, never for a cell.
    package func withValue<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try buffer.withValue(body)
    }
}
