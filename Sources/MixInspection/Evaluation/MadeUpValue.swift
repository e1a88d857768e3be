/// Values that stand in for real ones where a program only wants to have one.
package enum MadeUpValue {
    /// A value of the kind that a variable of this name usually has; none of it is real.
    package static func value(for name: String) -> String {
        if name == "DATABASE_URL" { return "ecto://nobody:nothing@localhost/nowhere" }
        if name.hasSuffix("URL") || name.hasSuffix("URI") { return "http://localhost/" }
        if name.hasSuffix("HOST") { return "localhost" }
        if name.hasSuffix("PORT") { return "4001" }
        let counts = ["SIZE", "COUNT", "LIMIT", "TIMEOUT", "SECONDS", "MS"]
        if counts.contains(where: name.hasSuffix) { return "1" }
        return String(repeating: "made-up-", count: 8)
    }
}
