/// A `releases:` entry for an umbrella's mix.exs, ready to paste.
package struct ReleaseSnippet: Sendable, Hashable {
    /// The children that the release starts, the main one first.
    package let applications: [String]

    /// Proposes a release: the web child first, else every child that starts something, else every child.
    ///
    /// Children that others depend on come along by themselves, so only those that nobody needs are named.
    package init(_ project: MixProject) {
        let children = project.children
        let needed = Set(children.flatMap(\.umbrellaDependencies))
        let tops = children.filter { !needed.contains($0.name) }
        let candidates = tops.isEmpty ? children : tops
        if let web = candidates.first(where: Self.looksLikeWeb) ?? children.first(where: Self.looksLikeWeb) {
            applications = [web.name]
        } else {
            let starting = candidates.filter(\.hasApplicationCallback)
            applications = (starting.isEmpty ? candidates : starting).map(\.name)
        }
    }

    package var name: String { applications.first ?? "my_release" }

    /// The entry, as it goes into the list that `project` returns.
    package var text: String {
        let list = applications.isEmpty ? ["my_app"] : applications
        return """
            releases: [
              \(name): [
                applications: [\(list.map { "\($0): :permanent" }.joined(separator: ", "))]
              ]
            ]
            """
    }

    var line: String {
        let list = applications.isEmpty ? ["my_app"] : applications
        return "releases: [\(name): [applications: [\(list.map { "\($0): :permanent" }.joined(separator: ", "))]]]"
    }

    private static func looksLikeWeb(_ child: ChildApp) -> Bool {
        child.usesPhoenix || child.name == "web" || child.name.hasSuffix("_web")
    }
}
