/// Which files of a project go into its build.
///
/// Left out: `.git` and `node_modules` anywhere; `_build` and `deps` of the project and of its umbrella children;
/// files named `.env*`, `*.pem` or `*.key` anywhere; and what the user excludes.
public struct SourceSelection: Sendable, Hashable {
    /// Paths relative to the project's folder, or bare names, that the user leaves out.
    public var excluded: Set<String>

    /// Creates a selection; by default only the standard rules hold.
    public init(excluded: Set<String> = []) { self.excluded = excluded }

    /// Whether a file or folder takes part; a folder that does not is not looked into.
    /// - Parameters:
    ///   - name: its own name.
    ///   - path: its path relative to the project's folder, without a leading slash.
    public func includes(name: String, path: String) -> Bool {
        if name == ".git" || name == "node_modules" || name.hasPrefix(".env") { return false }
        if name.hasSuffix(".pem") || name.hasSuffix(".key") { return false }
        if (name == "_build" || name == "deps") && Self.isApplicationLevel(path) { return false }
        return excluded.isEmpty || !(excluded.contains(path) || excluded.contains(name))
    }

    private static func isApplicationLevel(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == 1 || (parts.count == 3 && parts[0] == "apps")
    }
}
