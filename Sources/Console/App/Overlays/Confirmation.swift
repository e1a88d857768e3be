import MixInspection
import SystemPackage

/// A question that only `y` answers with yes.
struct Confirmation: Sendable {
    enum Purpose: Sendable, Equatable {
        case cancelBuild
        case quitDuringBuild
        case clearCache
        /// A secret's value is in the image: build again and let it be there.
        case allowSecret(String)
        /// There is no sandbox: the project's code may run without one.
        case trustProject
        /// Links of the project lead there: build again and follow them.
        case openPaths([FilePath])
        /// The change of mix.exs that the lines show.
        case writeRelease(MixFileEdit)
        case replaceProjectFile
    }

    var title: String
    var lines: [String]
    var purpose: Purpose
}
