/// The name of work under way, to cancel it by.
///
/// Starting work under a name cancels what runs under it.
public struct EffectID: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name.
    public let name: String

    /// An id by its name.
    public init(_ name: String) {
        self.name = name
    }

    /// An id by its name.
    public init(stringLiteral value: String) {
        name = value
    }
}
