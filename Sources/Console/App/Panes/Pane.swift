/// A framed part of a screen that can have the keys.
enum Pane: String, Sendable, CaseIterable {
    // Project
    case tree, plan, findings, reads
    // Release
    case releases, form, commandLine
    // Secrets
    case variables, explanation
    // Build
    case phases, layers, layerDetail, log, problems
    // Image
    case imageLayers, files, facts

    /// Which keys it has besides those of its screen.
    var group: KeyGroup? {
        switch self {
        case .log: .log
        case .files: .files
        default: nil
        }
    }
}
