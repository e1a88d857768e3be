/// Text to read: a problem in full, a file, the waste of an image.
struct Viewer: Sendable {
    var title: String
    var lines: [String]
    /// The first line shown, and the first column.
    var top = 0
    var left = 0
    /// The figure at the right of the frame.
    var note = ""
}
