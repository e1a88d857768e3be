import SystemPackage
import TerminalUI

/// A list to choose one of.
struct Picker: Sendable {
    struct Item: Sendable {
        enum Purpose: Sendable, Equatable {
            case openProject(FilePath)
            case askForProject
            case theme(String)
            case option(Action)
            case pastBuild(String)
            case importFile
            case importEnvironment
            case importCommand
            case choice(String)
        }

        var text: String
        var detail: String = ""
        var purpose: Purpose
    }

    var title: String
    var lines: [String] = []
    var items: [Item]
    var cursor = ListState()
    /// What Esc goes back to, where moving the cursor changes something at once.
    var before: String?
}
