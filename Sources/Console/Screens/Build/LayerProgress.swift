public import Lifecycle

/// A layer in the layers pane: what is known of it and what became of it.
public struct LayerProgress: Sendable, Hashable {
    /// What a layer is called by: its buildpack and its name.
    public struct Identity: Sendable, Hashable {
        /// The buildpack's id; `nil` for the run image's and the lifecycle's own.
        public var buildpack: String?
        /// The layer's name.
        public var name: String
    }

    /// The newest that is known of it.
    public var layer: LayerSummary
    /// The last change.
    public var change: LayerChange.Change
    /// The size that it had when it was first heard of in this build, where it was restored.
    public var restoredSize: Int64?
    /// Whether the build ended while it was written.
    public var isUnfinished = false

    /// What it is called by.
    public var identity: Identity { Identity(buildpack: layer.buildpack, name: layer.name) }

    /// What became of it, in one word.
    public var word: String {
        switch change {
        case .created: "new"
        case .growing: isUnfinished ? "partial" : "writing"
        case .restored: "restored"
        case .reused: "reused"
        case .exported: "new"
        case .cached: "cached"
        }
    }

    /// The mark that stands before it: what the word says, for quick eyes.
    public var mark: String {
        switch change {
        case .created, .exported: "+"
        case .growing: ">"
        case .restored, .reused: "="
        case .cached: "~"
        }
    }
}
