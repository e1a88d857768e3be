/// How long ago something was, for people.
enum Age {
    /// For example `3 min ago`.
    static func text(seconds: Double) -> String {
        switch seconds {
        case ..<60: "just now"
        case ..<3600: "\(Int(seconds / 60)) min ago"
        case ..<86_400: "\(Int(seconds / 3600)) h ago"
        case ..<172_800: "1 day ago"
        default: "\(Int(seconds / 86_400)) days ago"
        }
    }
}
