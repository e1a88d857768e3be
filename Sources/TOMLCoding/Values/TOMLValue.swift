/// A value of TOML 1.0.
package enum TOMLValue: Sendable, Hashable {
    /// Text, of any of the four kinds of string.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A floating-point number as it is written, without underscores: `6.02e23`, `inf`, `-nan`.
    case float(String)
    /// `true` or `false`.
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
