/// What a mix.lock pins, for comparing two of them.
package enum LockedVersions {
    /// The packages that a lock file pins otherwise than another does, or that only it has, by name.
    ///
    /// Another way of writing the same, as newer versions of Hex have, is no difference.
    package static func changed(from before: String, to after: String) -> [String] {
        let old = LockFile(Array(before.utf8))
        return LockFile(Array(after.utf8)).entries
            .filter { entry in
                guard let known = old[entry.name] else { return true }
                return known.version != entry.version || known.source != entry.source || known.url != entry.url
                    || (known.repository ?? "hexpm") != (entry.repository ?? "hexpm")
            }
            .map(\.name).sorted()
    }
}
