extension Overlay {
    /// Whether text is typed into it.
    var takesText: Bool {
        switch self {
        case .help, .palette, .prompt: true
        case .confirmation, .picker, .viewer: false
        }
    }
}
