/// A question that only `y` answers with yes.
struct Confirmation: Sendable {
    enum Purpose: Sendable, Equatable {
        case cancelBuild
        case quitDuringBuild
        case clearCache
    }

    var title: String
    var lines: [String]
    var purpose: Purpose
}
