/// An Erlang or Elixir application in an image: a line of its bill of materials.
public struct ImagePackage: Sendable, Hashable {
    /// The application's name.
    public var name: String
    /// Its version.
    public var version: String
    /// Where it comes from, in a word or two: `Erlang/OTP`, `Elixir`, `dependency`, `project`.
    public var origin: String
    /// The name of the layer that holds it.
    public var layer: String
    /// What it says of itself; empty where it says nothing.
    public var summary: String
    /// The size of its files in bytes.
    public var size: Int64

    /// Creates a package.
    public init(name: String, version: String, origin: String, layer: String, summary: String = "", size: Int64) {
        self.name = name
        self.version = version
        self.origin = origin
        self.layer = layer
        self.summary = summary
        self.size = size
    }
}
