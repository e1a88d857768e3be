import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// What the user should know about a project before it is built.
struct ProjectFindings {
    let assembly: ProjectAssembly
    let project: MixProject

    private var own: ProjectFacts { assembly.own }

    /// Errors first: they stop a plan.
    var all: [Diagnostic] {
        let findings = kindFindings + pathFindings + fetchFindings + releaseFindings + otherKinds
        return findings.filter { $0.severity == .error } + findings.filter { $0.severity != .error }
    }

    // MARK: - What it is

    private var kindFindings: [Diagnostic] {
        switch project.kind {
        case .umbrellaChild:
            [
                Diagnostic(
                    .error, "this is a child of the umbrella in ../.., which a build has to copy",
                    file: "mix.exs",
                    advice: "build the umbrella: --path ../..\nor the child alone, with a copy of the umbrella: --child"
                )
            ]
        case .library:
            [
                Diagnostic(
                    .warning, "no application callback (mod:), so the release starts nothing",
                    file: "mix.exs", advice: "add mod: {MyApp.Application, []} to application in mix.exs")
            ]
        case .application, .umbrella: strayChild
        }
    }

    /// A child whose umbrella is not there.
    private var strayChild: [Diagnostic] {
        guard project.kind == .application, assembly.pointsToUmbrella, assembly.umbrellaRoot == nil else { return [] }
        return [
            Diagnostic(
                .error, "mix.exs is written for a child of an umbrella, but there is no umbrella in ../..",
                file: "mix.exs",
                advice: "build the umbrella's root, or remove lockfile, build_path and in_umbrella from mix.exs")
        ]
    }

    /// Other ways to ship Elixir, which make something else than what a container starts.
    private var otherKinds: [Diagnostic] {
        var findings: [Diagnostic] = []
        if names("nerves") {
            findings.append(
                Diagnostic(
                    .error, "this is a Nerves project: it makes firmware, not an image", file: "mix.exs",
                    advice: "build it with mix firmware; for a server beside the device, name that project's folder"))
        }
        if names("distillery") || assembly.root.appending("rel/config.exs").leadsSomewhere {
            findings.append(distillery)
        }
        if own.isEscript { findings.append(escript) }
        if let environment = own.releaseEnvironment, environment != "prod" {
            findings.append(.prefers(environment))
        }
        return findings
    }

    private var distillery: Diagnostic {
        let file = assembly.root.appending("rel/config.exs")
        let found = DistilleryReleases((try? ProjectFile.text(file)) ?? "")
        let others = found.others.isEmpty ? "" : "\nmix release has no \(found.others.joined(separator: ", "))"
        let advice =
            found.text.flatMap { text in own.releases.isEmpty ? "add to project in mix.exs:\n\n\(text)\(others)" : nil }
            ?? "move the settings of rel/config.exs to releases: in mix.exs"
        return Diagnostic(
            .warning, "the project is set up for Distillery, but mixpack makes the release with mix release",
            file: "rel/config.exs", advice: advice)
    }

    /// A program for a machine with Erlang: what starts nothing else has nothing for a container.
    private var escript: Diagnostic {
        guard project.kind == .library, own.releases.isEmpty else {
            return Diagnostic(
                .note, "mix.exs defines an escript, but the image contains and starts a release", file: "mix.exs")
        }
        return Diagnostic(
            .error, "this project makes an escript, and has no application that a release could start",
            file: "mix.exs",
            advice:
                "build it with mix escript.build; for an image, add mod: {MyApp.Application, []} to application in mix.exs"
        )
    }

    private func names(_ package: String) -> Bool {
        project.dependencies.contains { $0.name == package && $0.isDirect }
    }

    // MARK: - Where its dependencies come from

    /// Dependencies by path that lie outside of what is copied.
    private var pathFindings: [Diagnostic] {
        let outside = assembly.outside
        let place = assembly.surroundings.context == nil ? "project" : "context"
        let advice =
            project.proposedContext.map { "copy the folder that has both: --context \($0)" }
            ?? "copy a folder that has both with --context DIR; it cannot be your home folder"
        return outside.all.map { dependency in
            Diagnostic(
                .error, "dependency \(dependency.name) is outside the \(place), in \(dependency.path)",
                file: dependency.file, advice: advice)
        }
    }

    private var fetchFindings: [Diagnostic] {
        var findings: [Diagnostic] = []
        let fetched = project.dependencies.filter { $0.isForProduction && ($0.source == .hex || $0.source == .git) }
        if project.hasFetchedDependencies && assembly.lock.entries.isEmpty {
            findings.append(
                Diagnostic(
                    .warning,
                    "no mix.lock, so the first build takes the newest versions that fit, and later ones keep them",
                    file: "mix.exs",
                    advice: "run mix deps.get and commit mix.lock; until then --clear-cache takes the newest again"))
        }
        let git = fetched.filter { $0.source == .git }.map(\.name)
        if !git.isEmpty {
            findings.append(Diagnostic(.note, "from git: \(git.joined(separator: ", ")); the build needs git for them"))
        }
        let repositories = Set(fetched.compactMap(\.repository)).sorted()
        if !repositories.isEmpty {
            let keys = repositories.map { "--secret \(SecretName.hexKeyVariable(for: $0))" }
            findings.append(
                Diagnostic(
                    .note, "from a private Hex repository: \(repositories.joined(separator: ", "))",
                    advice: "the build uses its key from ~/.hex/hex.config, or \(keys.joined(separator: " "))"))
        }
        return findings
    }

    // MARK: - Its releases

    private var releaseFindings: [Diagnostic] {
        project.releases.flatMap { release -> [Diagnostic] in
            var findings: [Diagnostic] = []
            if !ReleaseName.isValid(release.name) {
                findings.append(
                    Diagnostic(.warning, "Mix refuses \"\(release.name)\" as the name of a release", file: "mix.exs"))
            }
            if !release.includesErts {
                findings.append(
                    Diagnostic(
                        .warning,
                        "release \(release.name) leaves Erlang out (include_erts): it cannot start in an image",
                        file: "mix.exs", advice: "remove include_erts from mix.exs"))
            }
            if release.isWrapped {
                findings.append(
                    Diagnostic(
                        .warning,
                        "release \(release.name) is wrapped into one program by Burrito, which an image has no use for",
                        file: "mix.exs", advice: MixRelease.wrappedAdvice))
            }
            if release.setsCookie {
                findings.append(
                    Diagnostic(
                        .warning,
                        "release \(release.name) has its cookie in mix.exs, and everyone who reads that can join the node",
                        file: "mix.exs", advice: "remove it: each container makes its own at its first start"))
            }
            return findings
        }
    }
}

extension Diagnostic {
    /// mix.exs wants `mix release` to run in another environment.
    static func prefers(_ environment: String) -> Diagnostic {
        Diagnostic(
            .warning, "\(prefersWords)\(environment) for mix release, and mixpack builds with prod", file: "mix.exs",
            advice: "build with it: -e MIX_ENV=\(environment)")
    }

    private static let prefersWords = "mix.exs prefers MIX_ENV="

    /// Whether it is about the environment that mix.exs prefers.
    var isAboutEnvironment: Bool { text.hasPrefix(Self.prefersWords) }
}
