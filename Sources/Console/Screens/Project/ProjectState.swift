import TerminalUI

/// The Project screen: what is known of the project, and where one is in its lists.
struct ProjectState: Sendable {
    var inspection: ProjectInspection?
    var wasAskedForTrust = false
    var tree = ListState()
    var plan = ListState()
    var findings = ListState()
    var reads = ListState()
}
