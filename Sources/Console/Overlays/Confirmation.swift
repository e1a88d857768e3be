import MixInspection

/// A question that only `y` answers with yes.
struct Confirmation: Sendable {
    enum Purpose: Sendable, Equatable {
        case cancelBuild
        case quitDuringBuild
        case clearCache
        /// A secret's value is in the image: build again and let it be there.
        case allowSecret(String)
        /// The change of mix.exs that the lines show.
        case writeRelease(MixFileEdit)
        case replaceProjectFile
    }

    var title: String
    var lines: [String]
    var purpose: Purpose
}
