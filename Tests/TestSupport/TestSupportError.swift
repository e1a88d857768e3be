/// Why a test could not do what it set out to do.
public struct TestSupportError: Error, CustomStringConvertible {
    /// What went wrong, in one line or more.
    public var description: String

    /// Creates an error.
    public init(_ description: String) { self.description = description }
}
