/// The phases of a build, in order (CNB Platform specification).
package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
    case analyze, detect, restore, build, export

    /// The heading that pack's users know, for example `DETECTING`.
    package var heading: String {
        switch self {
        case .analyze: "ANALYZING"
        case .detect: "DETECTING"
        case .restore: "RESTORING"
        case .build: "BUILDING"
        case .export: "EXPORTING"
        }
    }
}
