/// A value of TOML 1.0.
package enum TOMLValue: Sendable, Hashable {
    /// Text, of any of the four kinds of string.
    case string(String)
    case integer(Int64)
    /// A floating-point number as it is written, without underscores: `6.02e23`, `inf`, `-nan`.
    case float(String)
    case boolean(Bool)
    /// A date, a time or both, as it is written.
    case dateTime(String)
    /// A list, inline or of `[[tables]]`.
    case array([TOMLNode])
    /// A table, inline, under a `[header]` or made by dotted keys.
    case table(TOMLTable)

    /// What kind of value it is, as a message names it: "a string", "an array".
    package var kind: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .dateTime: "a date-time"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// A value and where it stands in the file.
package struct TOMLNode: Sendable, Hashable {
    package var value: TOMLValue
    package var position: TOMLPosition

    package init(_ value: TOMLValue, position: TOMLPosition = .none) {
        self.value = value
        self.position = position
    }
}

/// A place in a TOML file.
package struct TOMLPosition: Sendable, Hashable {
    /// The line, from 1; 0 for a value that was not read from a file.
    package var line: Int
    /// The column in Unicode scalars, from 1; 0 for a value that was not read from a file.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of a value that was not read from a file.
    package static let none = TOMLPosition(line: 0, column: 0)
}
