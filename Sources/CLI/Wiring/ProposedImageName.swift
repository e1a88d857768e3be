import MixInspection
import SystemPackage

/// The name of an image that the user has not named: the project's own.
enum ProposedImageName {
    /// The name for the project in a folder; mix.exs is read, not run.
    static func text(_ folder: FilePath) -> String {
        text(app: (try? MixInspector.staticLook(folder))?.app, folder: folder)
    }

    /// The application's name as an image's; without one, as in an umbrella, that of the folder.
    static func text(app: String?, folder: FilePath) -> String {
        let name = (app ?? folder.lastComponent?.string ?? "").lowercased()
        let cleaned = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let trimmed = cleaned.split(separator: "-").joined(separator: "-")
        return trimmed.isEmpty ? "my-image" : trimmed
    }
}
