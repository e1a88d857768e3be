/// A value and where it stands in the file.
public struct TOMLNode: Sendable, Hashable {
    /// The value.
    public var value: TOMLValue
    /// Where it begins.
    public var position: TOMLPosition

    /// Creates a node; by default one that was not read from a file.
    public init(_ value: TOMLValue, position: TOMLPosition = .none) {
        self.value = value
        self.position = position
    }
}
