/// The numeric user and group of a file.
package struct Owner: Sendable, Hashable {
    /// The user's number.
    package var user: Int
    /// The group's number.
    package var group: Int

    /// 0:0.
    package static let root = Owner(user: 0, group: 0)

    package init(user: Int, group: Int) {
        self.user = user
        self.group = group
    }
}
