/// Where a copied text went.
public struct ClipboardReceipt: Sendable, Hashable {
    /// The way it took, for example `wl-copy`, `tmux`, `OSC 52` or `file /tmp/…`.
    public var way: String
    /// How many bytes were copied.
    public var bytes: Int

    /// Creates a receipt.
    public init(way: String, bytes: Int) {
        self.way = way
        self.bytes = bytes
    }
}
