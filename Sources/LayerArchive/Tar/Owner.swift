/// The numeric user and group of a file.
public struct Owner: Sendable, Hashable {
    /// The user's number.
    public var user: Int
    /// The group's number.
    public var group: Int

    /// 0:0.
    public static let root = Owner(user: 0, group: 0)

    /// Creates an owner.
    public init(user: Int, group: Int) {
        self.user = user
        self.group = group
    }
}
