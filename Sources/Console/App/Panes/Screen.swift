/// The steps of the job, each also a place to jump to.
enum Screen: Int, Sendable, CaseIterable {
    case project = 1
    case release, secrets, build, image

    /// What the tab says.
    var title: String {
        switch self {
        case .project: "Project"
        case .release: "Release"
        case .secrets: "Secrets"
        case .build: "Build"
        case .image: "Image"
        }
    }

    /// The pane that has the keys when the screen is first shown.
    var firstPane: Pane {
        switch self {
        case .project: .tree
        case .release: .releases
        case .secrets: .variables
        case .build: .log
        case .image: .imageLayers
        }
    }

    var group: KeyGroup {
        switch self {
        case .project: .project
        case .release: .release
        case .secrets: .secrets
        case .build: .build
        case .image: .image
        }
    }
}
