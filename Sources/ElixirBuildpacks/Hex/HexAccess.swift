import BuildpackAPI
import Diagnostics
import Glibc
import MixInspection

/// What Hex gets for one fetch: the repositories that the project needs, with their keys.
struct HexAccess {
    /// The variable that configures the base repository and trusted mirrors of it.
    static let mirrorKeyVariable = "HEX_REPOS_KEY"
    private static let publicName = "hexpm"

    private let configuration: HexConfiguration
    /// The repositories by name, as Hex gets them.
    private(set) var repositories: [String: HexConfiguration.Repository] = [:]
    /// The user's login, for an organisation that has no key.
    private(set) var login: HexConfiguration.Login?
    /// Where each one's settings come from.
    private var origins: [String: String] = [:]

    /// Collects what the project's dependencies need.
    /// - Parameters:
    ///   - needed: the names of their repositories; `nil` if they cannot be known, so that all of the user's count.
    ///   - variables: the user's, with the keys among them.
    ///   - usesLogin: whether Hex would use the user's login: it shows that to no mirror that is not trusted.
    ///   - now: the time, in seconds since 1970.
    init(
        needed: Set<String>?, configuration: HexConfiguration, variables: [String: String], usesLogin: Bool = true,
        now: Int = Int(time(nil))
    ) {
        self.configuration = configuration
        var names = needed ?? Set(configuration.repositories.keys)
        if names.contains(where: Self.isOrganisation) { names.insert(Self.publicName) }
        for name in names {
            var repository = configuration.repositories[name]
            if repository != nil { origins[name] = configuration.file?.string }
            let variable = SecretName.hexKeyVariable(for: name)
            if name != Self.publicName, let key = variables[variable], !key.isEmpty,
                repository != nil || Self.isOrganisation(name)
            {
                repository = repository ?? HexConfiguration.Repository()
                repository?.key = key
                origins[name] = variable
            }
            repositories[name] = repository
        }
        // One that ends while Hex fetches would be of no use.
        guard usesLogin, let file = configuration.file, let login = configuration.login,
            login.end > now + Self.leastSeconds
        else { return }
        let keyless = names.filter { Self.isOrganisation($0) && !hasKey($0) }
        guard needed == nil || !keyless.isEmpty else { return }
        self.login = login
        for name in needed == nil ? [Self.anyOrganisation] : keyless { origins[name] = "your login in \(file)" }
    }

    private static let anyOrganisation = "organisations without a key"

    private static let leastSeconds = 60

    /// An organisation's own key, or one of all Hex.
    private func hasKey(_ name: String) -> Bool {
        repositories[name]?.key != nil || repositories[Self.publicName]?.key != nil
    }

    /// Whether Hex needs nothing of this.
    var isEmpty: Bool { repositories.isEmpty && login == nil }

    /// The names of the repositories of a project's dependencies; `nil` if only fetching them tells.
    ///
    /// A public package depends on public ones only, so a project without a private dependency has none.
    static func needed(by project: MixProject, isLocked: Bool) -> Set<String>? {
        let names = Set(project.dependencies.filter { $0.source == .hex }.map { $0.repository ?? publicName })
        return isLocked || names.isSubset(of: [publicName]) ? names : nil
    }

    /// Says which repository has no key or no address, before Hex tries.
    ///
    /// A mirror may have an organisation's packages without a key.
    /// - Throws: `Failure` of code `cannotPlan`.
    func check(_ project: MixProject, isMirrored: Bool) throws(Failure) {
        let dependencies = project.dependencies.filter { $0.source == .hex && $0.isForProduction }
            .compactMap { dependency in dependency.repository.map { (name: $0, package: dependency.name) } }
        for (name, package) in dependencies.sorted(by: { $0 < $1 }) {
            if !Self.isOrganisation(name) {
                guard repositories[name] == nil else { continue }
                throw unknown(name, package)
            }
            let isOpen = hasKey(name) || login != nil || isMirrored
            guard !isOpen, repositories[name]?.settings[.atom("url")] == nil else { continue }
            var failure = Self.missingKey(name, package)
            if configuration.login != nil {
                failure.message += "; your login has expired"
                failure.advice = "renew the login: mix hex.user whoami\nor " + (failure.advice ?? "")
            }
            throw failure
        }
    }

    private func unknown(_ name: String, _ package: String) -> Failure {
        let file = configuration.isUnreadable ? "; \(configuration.file?.string ?? "hex.config") cannot be read" : ""
        return Failure(
            .cannotPlan, "\(package) comes from the Hex repository \(name), which is not set up\(file)",
            at: Place("mix.exs"),
            advice: "set it up: mix hex.repo add \(name) URL --public-key FILE --auth-key KEY")
    }

    /// No key, or one that the server refuses.
    static func missingKey(_ name: String, _ package: String, isRefused: Bool = false) -> Failure {
        let organisation = name.split(separator: ":").last.map(String.init) ?? name
        let kind = isOrganisation(name) ? "Hex organisation" : "Hex repository"
        let command =
            isOrganisation(name)
            ? "mix hex.organization auth \(organisation) --key KEY" : "mix hex.repo set \(name) --auth-key KEY"
        return Failure(
            isRefused ? .commandFailed : .cannotPlan,
            isRefused
                ? "the \(kind) \(organisation) refuses the key for \(package)"
                : "\(package) comes from the \(kind) \(organisation), and there is no key for it",
            at: Place("mix.exs"),
            advice: "give a key: --secret \(SecretName.hexKeyVariable(for: name)), or run \(command)")
    }

    private static func isOrganisation(_ name: String) -> Bool { name.hasPrefix("\(publicName):") }

    /// What the user reads about it: names, never keys; `nil` if Hex needs nothing of this.
    var notice: String? {
        guard !isEmpty else { return nil }
        let words = Set(repositories.keys).union(origins.keys).sorted().map { name in
            origins[name].map { "\(name) (\($0))" } ?? name
        }
        return "Hex repositories set up for the fetch: \(words.joined(separator: ", "))"
    }

    /// hex.config for the fetch.
    var text: String {
        let pairs = repositories.map { (ErlangTerm.binary(Array($0.key.utf8)), ErlangTerm.map($0.value.settings)) }
        let repos = ErlangTerm.tuple([.atom("$repos"), .map(Dictionary(pairs, uniquingKeysWith: { $1 }))])
        let token = login.map { ErlangTerm.tuple([.atom("$oauth_token"), $0.term]) }
        return [repos, token].compactMap { $0.map { $0.source + ".\n" } }.joined()
    }
}
