/// One item of the Cloud Native Buildpacks specification, as docs/conformance.md lists it.
struct ConformanceItem: Hashable {
    /// How it stands.
    enum State: Hashable {
        /// Tests whose names begin with its number prove it.
        case tested
        /// These tests, whose names are about something wider, prove it.
        case provenBy([String])
        /// It is not done yet, for this reason.
        case later(String)
        /// It is about something that mixpack does not have, for this reason.
        case doesNotApply(String)
    }

    /// The number, such as `D13`.
    var id: String
    /// What it asks for, in a few words.
    var text: String
    /// How it stands.
    var state: State

    init(_ id: String, _ text: String, _ state: State = .tested) {
        self.id = id
        self.text = text
        self.state = state
    }
}

/// The items of one part of the specification.
struct ConformanceSection {
    var title: String
    var items: [ConformanceItem]
}
