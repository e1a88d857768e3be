/// What a layer did to a file, seen against the layers below it.
package enum FileChange: UInt8, Sendable, Hashable {
    case unchanged
    /// It was not there before; marked `A`.
    case added
    /// It was there, or, for a folder, something in it changed; marked `M`.
    case modified
    /// It was there and is gone; marked `D`.
    case removed

    /// The one-letter mark; a space where nothing changed.
    package var mark: Character {
        switch self {
        case .unchanged: " "
        case .added: "A"
        case .modified: "M"
        case .removed: "D"
        }
    }
}
