import TerminalUI

/// Where a key counts, and under which heading it stands.
///
/// The keys of a pane come before those of its screen, and those before the ones that count everywhere.
enum KeyGroup: String, Sendable, CaseIterable {
    case everywhere, lists, search, project, release, secrets, build, log, image, files

    /// The heading in help and in docs/keys.md.
    var title: String {
        switch self {
        case .everywhere: "Everywhere"
        case .lists: "Lists, logs and trees"
        case .search: "Search and filter"
        case .project: "Project"
        case .release: "Release"
        case .secrets: "Secrets"
        case .build: "Build"
        case .log: "Build: log"
        case .image: "Image"
        case .files: "Image: files"
        }
    }

    var context: KeyContext { KeyContext(rawValue: rawValue) }
}
