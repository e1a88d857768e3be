import TOMLCoding

/// Single values as TOML writes them.
enum TOMLText {
    /// A basic string.
    static func quoted(_ text: String) -> String {
        let table: TOMLTable = ["x": .string(text)]
        return String(TOMLWriter.text(of: table).dropFirst("x = ".count).dropLast())
    }
}
