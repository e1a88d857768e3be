import Diagnostics
import Text

/// Which release a build makes, exactly as Mix decides it.
///
/// Source: [mix release](https://hexdocs.pm/mix/Mix.Tasks.Release.html).
package enum ReleaseChoice {
    /// Chooses the release of a project.
    ///
    /// An umbrella's release must name its applications; a plain application without `releases:` has one, made up from
    /// its name; `default_release` stands for a name that was not given.
    /// - Parameter requested: the name that the user gave; `nil` leaves it to the project.
    /// - Throws: `Failure` of the kinds `releasesNeeded`, `invalidReleaseName`, `unknownRelease`, `ambiguousRelease`,
    ///   `cannotPlan`.
    package static func resolve(_ project: MixProject, requested: String? = nil) throws(Failure) -> ChosenRelease {
        let defined = project.releases.filter(\.isDefined)
        if defined.isEmpty { return try madeUp(project, requested: requested) }
        let chosen = try choose(among: defined, project, requested: requested)
        try ReleaseName.check(chosen.name)
        if project.kind == .umbrella && project.evidence == .evaluated && chosen.release.applications.isEmpty {
            throw Failure(
                .releasesNeeded, "release \(chosen.name) of an umbrella names no applications", at: Place("mix.exs"),
                advice: "say which child applications it starts:\n\n" + ReleaseSnippet(project).text)
        }
        return chosen
    }

    private static func choose(
        among defined: [MixRelease], _ project: MixProject, requested: String?
    ) throws(Failure) -> ChosenRelease {
        if let requested {
            return ChosenRelease(try find(requested, in: defined, said: "there is no release"), reason: .requested)
        }
        // Mix looks at default_release only when there are several.
        if let only = defined.first, defined.count == 1 { return ChosenRelease(only, reason: .isOnly) }
        if let name = project.defaultRelease {
            return ChosenRelease(
                try find(name, in: defined, said: "default_release in mix.exs names no release:"), reason: .isDefault)
        }
        let names = defined.map(\.name)
        throw Failure(
            .ambiguousRelease, "mix.exs defines \(names.count) releases and none is chosen: \(list(names))",
            advice: "name one with --release, or set default_release in mix.exs", choices: names)
    }

    /// The release of an application that defines none.
    private static func madeUp(_ project: MixProject, requested: String?) throws(Failure) -> ChosenRelease {
        if project.kind == .umbrella {
            throw Failure(
                .releasesNeeded, "an umbrella needs releases in its mix.exs, and this one has none",
                at: Place("mix.exs"),
                advice: "let mixpack write it with --write-releases, or add to project in mix.exs:\n\n"
                    + ReleaseSnippet(project).text)
        }
        let undefined = project.releases.first ?? project.app.map { MixRelease(name: $0, isDefined: false) }
        guard let release = undefined else {
            throw Failure(
                .cannotPlan, "mix.exs computes its project, so it must be evaluated first", at: Place("mix.exs"))
        }
        try ReleaseName.check(release.name)
        guard let requested else { return ChosenRelease(release, reason: .isApplication) }
        let found = try find(requested, in: [release], said: "there is no release")
        return ChosenRelease(found, reason: .requested)
    }

    private static func find(
        _ name: String, in releases: [MixRelease], said: String
    ) throws(Failure) -> MixRelease {
        if let release = releases.first(where: { $0.name == name }) { return release }
        let names = releases.map(\.name)
        let nearest = NearestWord.find(name, in: names)
        let hint = nearest.map { names.count > 1 ? "; did you mean \($0)?" : "" } ?? ""
        throw Failure(
            .unknownRelease, "\(said) \(name)",
            advice: "there \(names.count == 1 ? "is" : "are") \(list(names))\(hint)",
            choices: names)
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

/// The release that will be built, and how `mix release` is asked for it.
package struct ChosenRelease: Sendable, Hashable, Codable {
    package enum Reason: String, Sendable, Hashable, Codable {
        /// The user named it.
        case requested
        /// mix.exs names it with `default_release`.
        case isDefault
        /// It is the only one.
        case isOnly
        /// mix.exs defines none: Mix makes it up from the application.
        case isApplication
    }

    package var release: MixRelease
    package var reason: Reason

    package init(_ release: MixRelease, reason: Reason) {
        self.release = release
        self.reason = reason
    }

    /// The release's name: what `bin/NAME` will be called.
    package var name: String { release.name }

    /// What stands after `mix release`: the name, or nothing where Mix would refuse it (a release made up from `:app`).
    package var mixArguments: [String] { release.isDefined ? [release.name] : [] }
}

/// The names that Mix takes for a release: `^[a-z][a-z0-9_]*$`.
enum ReleaseName {
    static func check(_ name: String) throws(Failure) {
        if isValid(name) { return }
        throw Failure(
            .invalidReleaseName, "\"\(name)\" cannot be the name of a release", at: Place("mix.exs"),
            advice: "a name has lower-case letters, digits and underscores, and begins with a letter")
    }

    static func isValid(_ name: String) -> Bool { name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil }
}
