/// How the image of a project grew over its last builds.
package struct SizeGrowth: Sendable, Hashable {
    /// One build: how long ago it was, and the bytes of its layers by name.
    package struct Build: Sendable, Hashable {
        package var age: String
        package var layers: [Part]

        package init(age: String, layers: [Part]) {
            self.age = age
            self.layers = layers
        }

        package var bytes: Int64 { layers.reduce(0) { $0 + $1.bytes } }
    }

    /// A layer, an application or a file, and its bytes.
    package struct Part: Sendable, Hashable {
        package var name: String
        package var bytes: Int64

        package init(_ name: String, _ bytes: Int64) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// A part that is larger or smaller than it was.
    package struct Change: Sendable, Hashable {
        package var name: String
        /// Its bytes now; 0 if it is gone.
        package var bytes: Int64
        package var growth: Int64
    }

    /// The builds, oldest first.
    package var builds: [Build]
    /// The applications that grew or shrank from the first build to the last, the largest growth first.
    package var applications: [Change]
    /// The files that did, likewise.
    package var files: [Change]

    /// Compares the files of the first build with those of the last, by path.
    package init(builds: [Build], first: [String: Int64], last: [String: Int64]) {
        self.builds = builds
        applications = Self.changes(Self.sums(first, Self.application(of:)), Self.sums(last, Self.application(of:)))
        files = Self.changes(Self.sums(first, Self.withoutVersion), Self.sums(last, Self.withoutVersion))
    }

    private static func sums(_ files: [String: Int64], _ name: (String) -> String?) -> [String: Int64] {
        var sums: [String: Int64] = [:]
        for (path, size) in files { if let name = name(path) { sums[name, default: 0] += size } }
        return sums
    }

    private static func changes(_ first: [String: Int64], _ last: [String: Int64]) -> [Change] {
        Set(first.keys).union(last.keys).compactMap { name in
            let now = last[name] ?? 0
            let growth = now - (first[name] ?? 0)
            return growth == 0 ? nil : Change(name: name, bytes: now, growth: growth)
        }.sorted { ($1.growth.magnitude, $0.name) < ($0.growth.magnitude, $1.name) }
    }

    /// The application that a file belongs to, without its version: `plug` for `…/lib/plug-1.16.1/ebin/plug.app`.
    static func application(of path: String) -> String? {
        application(in: path)?.name
    }

    /// The path with the application's version left out, so that a new version is the same file.
    static func withoutVersion(_ path: String) -> String? {
        guard let (index, name, parts) = application(in: path) else { return path }
        var result = parts
        result[index] = name
        return "/" + result.joined(separator: "/")
    }

    private static func application(in path: String) -> (index: Int, name: String, parts: [String])? {
        let parts = path.split(separator: "/").map(String.init)
        guard let ebin = parts.lastIndex(where: { $0 == "ebin" || $0 == "priv" }), ebin >= 2, parts[ebin - 2] == "lib"
        else { return nil }
        let name = parts[ebin - 1]
        let pieces = name.split(separator: "-", maxSplits: 1)
        let isVersioned = pieces.count == 2 && pieces[1].first?.isNumber == true
        return (ebin - 1, isVersioned ? String(pieces[0]) : name, parts)
    }
}
