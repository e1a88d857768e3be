import BuildpackAPI
import Diagnostics
import MixInspection
import Toolchains

/// What to try, for failures that mix explains in words that help only those who know them.
struct MixAdvice {
    private let output: String
    private let project: MixProject
    private let packages: PackageManager
    private let cause: Diagnostic?

    /// - Parameter cause: what is known to have gone wrong; it goes before what the rest of the output shows.
    init(_ output: String, _ project: MixProject, _ packages: PackageManager, _ cause: Diagnostic? = nil) {
        self.output = output
        self.project = project
        self.packages = packages
        self.cause = cause
    }

    /// The cure; `nil` if none is known.
    var text: String? {
        variable ?? module ?? requirement ?? Self.blockedDownload(output) ?? Self.unreachable(output) ?? missingProgram
            ?? Self.signs.first { output.contains($0.sign) }?.advice
    }

    private static let signs: [(sign: String, advice: String)] = [
        (
            "Could not find Hex",
            "a dependency names packages of Hex: run mix local.hex once, and mixpack takes Hex from ~/.mix"
        ),
        ("Could not find application", "releases: in mix.exs names an application that the project does not have"),
        (
            "invalid configuration terms",
            """
            config/*.exs gives a function, a reference or a process as a value: give {Module, :function, arguments}, \
            or set it in config/runtime.exs
            """
        ),
        (
            "Duplicated modules",
            "two applications define one module: rename it, or remove the dependency that is there twice"
        ),
        ("different value set for key", "a value that compile_env reads has changed: build with --clear-cache"),
        ("file name too long", "a link in priv leads to a folder above it, which mix release follows: remove the link"),
        ("cargo", "a dependency needs Rust's cargo, which the build cannot see: use its precompiled form"),
    ]

    /// Programs that are missing.
    private static let missing: [(sign: String, need: PackageManager.Need)] = [
        ("Could not find \"rebar3\"", .rebar3), ("No such file or directory: cc", .compiler),
        ("\"make\" not found", .compiler),
    ]

    // MARK: Steps

    /// What a failed command lacked because of its kind of step; `nil` if that does not show.
    static func lack(of outcome: MixRunner.Outcome, _ context: BuildContext) -> String? {
        switch outcome.step {
        case .fetch:
            let names = context.secretsKeptFromFetching
            guard !names.isEmpty else { return nil }
            return "what fetches has the network and none of the build's secrets (\(names.joined(separator: ", "))); "
                + "give it one that it needs: --fetch-secret \(names[0])"
        case .build:
            let signs =
                /\b(?:nxdomain|ENOTFOUND|EAI_AGAIN|ENETUNREACH|[Cc]ould not resolve host|[Nn]ame resolution)\b/
            guard outcome.output.contains(signs) else { return nil }
            return
                "what builds has the secrets and no network: fetch in a dependency, in assets.setup, by package.json, "
                + "or by a line of its own in project.toml, such as \"npm ci\""
        }
    }

    // MARK: Rules

    private var missingProgram: String? {
        guard let need = Self.missing.first(where: { output.contains($0.sign) })?.need else { return nil }
        return packages.advice(for: need) + (need == .rebar3 ? ", or name it with MIX_REBAR3" : "")
    }

    /// What is known to have gone wrong, or all that was printed.
    private var words: String { cause?.text ?? output }

    private var variable: String? {
        guard let match = words.firstMatch(of: /environment variable "([^"]+)" because it is not set/) else {
            return nil
        }
        return Self.giving(String(match.1))
    }

    /// How to give the build a variable.
    static func giving(_ name: String) -> String {
        "give it to the build: " + (SecretName.isSecret(name) ? "--secret \(name), or on Secrets" : "-e \(name)=VALUE")
    }

    /// A module that is not there when it is called.
    private var module: String? {
        let patterns: [Regex<(Substring, Substring)>] = [
            /function ([A-Z][\w.]*)\.\S+ is undefined \(module\b/,
            /module ([A-Z][\w.]*) is not loaded and could not be found/,
            /\b([A-Z][\w.]*)\.__struct__\/[01] is undefined/,
        ]
        guard let name = patterns.lazy.compactMap({ words.firstMatch(of: $0)?.1 }).first else { return nil }
        return moduleOfConfiguration(name) ?? moduleOfDependency(name)
    }

    private func moduleOfConfiguration(_ name: Substring) -> String? {
        // Elixir 1.14 does not say which file of the configuration it is; all that is compiled has a place.
        let isConfiguration = cause?.file.map { $0.hasSuffix(".exs") && $0.split(separator: "/").contains("config") }
        guard isConfiguration ?? true, isOwn(name) else { return nil }
        return
            "configuration is read before the project is compiled: write the value there, or set it in config/runtime.exs"
    }

    private func moduleOfDependency(_ name: Substring) -> String? {
        let root = Self.underscored(name)
        guard let dependency = project.dependencies.first(where: { $0.name == root && !$0.isForProduction }) else {
            return nil
        }
        return "\(dependency.name) is not for prod in mix.exs (only:), but production code uses it: remove only:, "
            + "or keep that code out of prod"
    }

    private func isOwn(_ module: Substring) -> Bool {
        let root = Self.underscored(module)
        return ([project.app].compactMap(\.self) + project.children.map(\.name)).contains { root == $0 }
    }

    /// The application that a module is of by its name: `MyApp.Web` is of `my_app`.
    private static func underscored(_ module: Substring) -> String {
        let first = module.prefix { $0 != "." }
        return first.enumerated().map { index, letter in
            letter.isUppercase && index > 0 ? "_" + letter.lowercased() : letter.lowercased()
        }.joined()
    }

    /// A dependency or the project that wants another Elixir.
    private var requirement: String? {
        let pattern = /dependency :?(\w+) requires Elixir "([^"]+)" but you are running on v(\S+)/
        if let match = output.firstMatch(of: pattern) {
            return "\(match.1) needs Elixir \(match.2), and this is \(match.3): ask for another in .tool-versions, "
                + "or use a version of \(match.1) for this one"
        }
        guard words.contains("supports only Elixir") else { return nil }
        return "ask for an Elixir that fits in .tool-versions"
    }

    /// What to do where a manager of Node's packages cannot reach its registry.
    static func unreachable(_ output: String) -> String? {
        let signs = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ENETDOWN|ETIMEDOUT|ConnectionRefused)\b/
        guard output.contains(signs) else { return nil }
        let lines = output.split(separator: "\n").filter { $0.contains("npm") || $0.contains("registry") }
        guard let host = lines.lazy.compactMap({ $0.firstMatch(of: /https?:\/\/([^\s\/'",]+)/)?.1 }).first else {
            return nil
        }
        return "cannot reach \(host) from this machine (mixpack uses HTTPS_PROXY): build once with a network, because "
            + "mixpack keeps the packages of an unchanged lock file, or name a mirror in .npmrc: registry=URL"
    }

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
}
