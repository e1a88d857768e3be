/// The name of work under way, to cancel it by.
///
/// Starting work under a name cancels what runs under it.
package struct EffectID: Hashable, Sendable, ExpressibleByStringLiteral {
    package let name: String

    /// An id by its name.
    package init(_ name: String) {
        self.name = name
    }

    /// An id by its name.
    package init(stringLiteral value: String) {
        name = value
    }
}
