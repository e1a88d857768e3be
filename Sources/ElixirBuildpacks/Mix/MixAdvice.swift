import Toolchains

/// What to try, for failures that mix explains in words that help only those who know them.
enum MixAdvice {
    private static let table: [(sign: String, advice: String)] = [
        (
            "Could not find Hex",
            "mix found a dependency that the inspection did not: run mix deps.get in the project first"
        ),
        ("Could not find application", "releases: in mix.exs names an application that the project does not have"),
        ("different value set for key", "a value that compile_env reads has changed: build with --clear-cache"),
        ("nxdomain", "this step has no network: fetch what it needs earlier, in a dependency or in assets.setup"),
        ("file name too long", "a link in priv leads to a folder above it, which mix release follows: remove the link"),
        ("cargo", "a dependency needs Rust's cargo, which the build cannot see: use its precompiled form"),
    ]

    /// Programs that are missing.
    private static let missing: [(sign: String, need: PackageManager.Need)] = [
        ("Could not find \"rebar3\"", .rebar3), ("No such file or directory: cc", .compiler),
        ("\"make\" not found", .compiler),
    ]

    /// What to do where a program or a precompiled library could not be fetched, with the URL that was tried.
    static func blockedDownload(_ output: String) -> String? {
        guard
            let match = output.firstMatch(
                of: /(?i)(?:couldn't|could not|failed to) (?:fetch|download)[^\n]{0,80}?(https?:\/\/[^\s'",]+)/)
        else { return nil }
        let url = match.1.hasSuffix(":") ? match.1.dropLast() : match.1
        let program = ["esbuild", "tailwind", "sass"].first { url.contains($0) }
        let own = program.map { name in
            "\nrun mix assets.setup in the project with a network: mixpack uses its _build/\(name)-*; "
                + "or name the program: config :\(name == "sass" ? "dart_sass" : name), path: \"…\""
        }
        return "cannot fetch \(url) from this machine (mixpack uses HTTPS_PROXY)" + (own ?? "")
    }

    /// The advice for the first sign that the output shows.
    static func advice(_ output: String, _ packages: PackageManager) -> String? {
        if let need = missing.first(where: { output.contains($0.sign) })?.need {
            return packages.advice(for: need) + (need == .rebar3 ? ", or name it with MIX_REBAR3" : "")
        }
        return table.first { output.contains($0.sign) }?.advice
    }
}
