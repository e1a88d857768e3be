/// A value and where it stands in the file.
package struct TOMLNode: Sendable, Hashable {
    package var value: TOMLValue
    /// Where it begins.
    package var position: TOMLPosition

    /// Creates a node; by default one that was not read from a file.
    package init(_ value: TOMLValue, position: TOMLPosition = .none) {
        self.value = value
        self.position = position
    }
}
