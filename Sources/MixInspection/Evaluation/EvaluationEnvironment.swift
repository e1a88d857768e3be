import BuildpackAPI
import Commands
import SystemPackage
import Toolchains

/// The variables that mix.exs sees while it is evaluated: what a build's mix gets too, but no secret.
struct EvaluationEnvironment: Sendable {
    /// What is taken from the machine; everything else is nobody's business.
    private static let allowed: Set<String> = ["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "MIXPACK_BUILD_LOCK"]
    private static let steering = ["MIX_", "ERL_", "ELIXIR_", "RELEASE_", "HEX_", "ERLANG_"]
    private static let mixVariable = "MIX_ENV"
    private static let ours: Set<String> = ["PATH", "HOME", "LD_LIBRARY_PATH"]

    /// The user's home folder, which mix.exs does not see.
    let home: FilePath?
    let plain: [String: String]
    /// The environment of mix that mix.exs is evaluated in, as the build has it.
    let mixEnvironment: String
    /// Whether the user says which one; else it is `prod`.
    let namesMixEnvironment: Bool
    /// The names of the secrets that were given.
    let secretNames: [String]
    /// Their values, where they are long enough to be known again.
    let secretValues: [String]

    /// Sorts variables.
    ///
    /// One whose name is a secret's counts as a secret, whichever of the two it is given as.
    init(machine: [String: String], variables: [String: String], secrets: [String: String]) {
        mixEnvironment = variables[Self.mixVariable] ?? "prod"
        namesMixEnvironment = variables[Self.mixVariable] != nil
        home = machine["HOME"].map { FilePath($0) }
        let hidden = secrets.merging(variables.filter { SecretName.isSecret($0.key) }) { own, _ in own }
        let given = variables.filter { name, _ in
            hidden[name] == nil && !Self.ours.contains(name) && !Self.steering.contains { name.hasPrefix($0) }
        }
        let fixed = [Self.mixVariable: mixEnvironment, "ERL_CRASH_DUMP_SECONDS": "0"]
        plain = machine.filter { Self.allowed.contains($0.key) }.merging(given) { $1 }.merging(fixed) { $1 }
        secretNames = hidden.keys.sorted()
        secretValues = hidden.values.filter { $0.utf8.count >= 6 }
    }

    /// All that the VM sees.
    /// - Parameters:
    ///   - home: an empty folder.
    ///   - madeUp: the names of secrets that get a made-up value.
    ///   - programs: a folder whose programs come before all others.
    func variables(
        _ toolchain: Toolchain, home: FilePath, madeUp: [String], programs: FilePath? = nil
    ) -> [String: String] {
        var variables = plain
        for name in madeUp { variables[name] = MadeUpValue.value(for: name) }
        let own = [toolchain.erlangRoot, toolchain.elixirRoot].map { $0.appending("bin").string }
        let folders = (programs.map { [$0.string] } ?? []) + own + [ProgramLookup.systemPath]
        variables["PATH"] = folders.joined(separator: ":")
        variables["HOME"] = home.string
        variables["LANG"] = variables["LANG"] ?? "C.UTF-8"
        return variables
    }
}

/// Values that stand in for real ones where a program only wants to have one.
package enum MadeUpValue {
    /// A value of the kind that a variable of this name usually has; none of it is real.
    package static func value(for name: String) -> String {
        if name == "DATABASE_URL" { return "ecto://nobody:nothing@localhost/nowhere" }
        if name.hasSuffix("URL") || name.hasSuffix("URI") { return "http://localhost/" }
        if name.hasSuffix("HOST") { return "localhost" }
        if name.hasSuffix("PORT") { return "4001" }
        let counts = ["SIZE", "COUNT", "LIMIT", "TIMEOUT", "SECONDS", "MS"]
        if counts.contains(where: name.hasSuffix) { return "1" }
        return String(repeating: "made-up-", count: 8)
    }
}
