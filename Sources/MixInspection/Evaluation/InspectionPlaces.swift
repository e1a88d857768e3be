import SystemPackage

/// The folders that inspections of a project keep their things in; no build clears them.
package struct InspectionPlaces: Sendable {
    /// What is known of the project, and what one look at it needs meanwhile.
    package var answers: FilePath
    /// The compiled helper, which fits every project; `nil` keeps it with the answers.
    package var helpers: FilePath?

    /// Creates places.
    package init(answers: FilePath, helpers: FilePath? = nil) {
        self.answers = answers
        self.helpers = helpers
    }
}
