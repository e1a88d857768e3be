import Glibc

/// A secret being typed.
///
/// It is never drawn, printed or dumped: only ``masked`` is.
package struct SecretFieldState: Hashable, Sendable {
    private var bytes: [UInt8] = []

    package init() {}

    package var count: Int { withValue { $0.count } }

    package var isEmpty: Bool { bytes.isEmpty }

    /// What stands in its place on the screen: `••• (24 chars)`; empty for an empty field.
    package var masked: String { isEmpty ? "" : "••• (\(count) \(count == 1 ? "char" : "chars"))" }

    /// Lends the secret to `body`, which must not keep it.
    package func withValue<Result>(_ body: (String) -> Result) -> Result {
        body(String(decoding: bytes, as: UTF8.self))
    }

    /// Takes the secret of elsewhere: generated, or read from a file.
    package mutating func replace(with value: String) {
        wipe()
        bytes = Array(value.utf8)
    }

    /// Takes in an event: typing and pasting at the end, Backspace, C-u and C-w to start anew.
    ///
    /// A newline in a paste does not submit. Newlines at the end of a paste are dropped, as copying brings them along.
    package mutating func handle(_ event: InputEvent) -> FieldOutcome {
        switch event {
        case .paste(let text):
            bytes.append(contentsOf: text.utf8)
            while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
            return .edited
        case .key(let chord): return handle(chord)
        default: return .ignored
        }
    }

    private mutating func handle(_ chord: KeyChord) -> FieldOutcome {
        switch (chord.key, chord.modifiers) {
        case (.enter, []): return .submitted
        case (.escape, _): return .cancelled
        case (.backspace, _), (.character("h"), .control):
            let shorter = withValue { Array(String($0.dropLast()).utf8) }
            wipe()
            bytes = shorter
            return .edited
        case (.character("u"), .control), (.character("w"), .control):
            wipe()
            return .edited
        case (.character(let character), []):
            bytes.append(contentsOf: String(character).utf8)
            return .edited
        default: return .ignored
        }
    }

    /// Empties the field and overwrites where the secret was.
    ///
    /// Strings that the system made on the way, such as a paste, are beyond reach.
    package mutating func wipe() {
        bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
        }
        bytes = []
    }
}

extension SecretFieldState: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { masked }
    /// The mask, never the value.
    package var debugDescription: String { masked }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A secret field as it is drawn: its mask, never a character of it.
package struct SecretFieldView {
    private let state: SecretFieldState
    private let placeholder: String
    private let isFocused: Bool

    /// A field; `placeholder` shows while it is empty.
    package init(_ state: SecretFieldState, placeholder: String = "", isFocused: Bool = true) {
        self.state = state
        self.placeholder = placeholder
        self.isFocused = isFocused
    }

    /// Draws the field in the first row of `rect`; gives the cursor's place if it has the keys.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> Point? {
        let row = rect.row(0)
        guard !row.isEmpty else { return nil }
        canvas.fill(row, isFocused ? .fieldFocused : .field)
        let text = state.isEmpty ? placeholder : state.masked
        canvas.write(
            text.truncated(to: row.width), at: row.origin, in: row, state.isEmpty ? .fieldPlaceholder : .secret)
        let end = state.isEmpty ? 0 : min(text.columns, row.width - 1)
        return isFocused ? Point(x: row.x + end, y: row.y) : nil
    }
}
