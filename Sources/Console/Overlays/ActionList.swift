import TerminalUI

/// The key table as a list to filter and to choose from: help and palette.
struct ActionList: Sendable {
    var input = TextFieldState()
    var cursor = ListState()
    /// The groups that are of use where it was opened, nearest first.
    var groups: [KeyGroup]

    /// The lines of the table that match what was typed, nearest group first.
    var rows: [KeyBinding] {
        let words = input.text.lowercased().split(separator: " ")
        return (groups + KeyGroup.allCases.filter { !groups.contains($0) }).flatMap { group in
            KeyTable.defaults.filter { binding in
                guard binding.group == group else { return false }
                let text = "\(group.title) \(binding.action.rawValue) \(binding.help)".lowercased()
                return words.allSatisfy { text.contains($0) }
            }
        }
    }
}
