import Commands
import Diagnostics
import Files
import SystemPackage
import Text

/// What a machine's own apt would do: where it takes packages from, whom it trusts, and how it gets out.
package struct AptMachine: Sendable {
    /// Debian's own entries.
    package let sources: [AptSource]
    /// The settings that go along, in the words of apt's configuration.
    let settings: [String]
    /// Proxies with passwords, which stay out of files, and whatever the user's own variables say.
    let variables: [String: String]
    /// The folder of apt's configuration, whose keys and passwords are read where they are.
    let folder: FilePath

    /// - Parameters:
    ///   - root: where the machine's files are.
    ///   - dump: what `apt-config dump` prints.
    ///   - environment: the user's variables; those that name proxies count.
    /// - Throws: `Failure` where it is not Debian, or where passwords are in addresses.
    package init(root: FilePath = "/", dump: String, environment: [String: String]) throws(Failure) {
        let codename = try Self.codename(root)
        folder = root.appending("etc").appending("apt")
        let lists = root.appending("var/lib/apt/lists")
        sources = Self.entries(in: folder).filter { entry in
            entry.isOfDebian(codename: codename) { Self.origin($0, $1, in: lists) }
        }
        guard !sources.isEmpty else {
            throw Failure(
                .unsupported, "\(folder) has no entry of Debian's own packages for \(codename)",
                advice: "add one, such as: deb http://deb.debian.org/debian \(codename) main")
        }
        for address in sources.flatMap(\.addresses) where AptAddress.hasSecret(address) {
            throw Self.secret(in: "the address of \(AptAddress.host(address)) in \(folder)")
        }
        var variables = environment.filter { Self.proxies.contains($0.key.lowercased()) }
        var settings: [String] = []
        for line in dump.split(separator: "\n") where Self.carried.contains(where: line.hasPrefix) {
            guard AptAddress.hasSecret(String(line)) else {
                settings.append(String(line))
                continue
            }
            guard let name = Self.ownProxies.first(where: { line.hasPrefix($0.key + " ") })?.value else {
                throw Self.secret(in: String(line.prefix { $0 != " " }))
            }
            variables[name] = String(line.split(separator: "\"")[1])
        }
        self.settings = settings
        self.variables = variables
    }

    /// The name of Debian's release.
    /// - Throws: `Failure` of code `unsupported` where it is not Debian.
    private static func codename(_ root: FilePath) throws(Failure) -> String {
        let facts = OSRelease(root.appending("etc/os-release").text ?? "")
        guard facts["ID"] == "debian", let codename = facts["VERSION_CODENAME"] else {
            throw Failure(
                .unsupported,
                "packages for other processors come from Debian's mirror, and this machine is "
                    + (facts["PRETTY_NAME"] ?? facts["ID"] ?? "no Debian"), advice: otherWays)
        }
        return codename
    }

    /// What to do without Debian's packages.
    static let otherWays =
        "name images to take from instead: --run-image PLACE and --toolchain-from IMAGE\n"
        + "or build on Debian, or on a machine of that processor"

    /// Reads this machine.
    /// - Throws: `Failure` of code `unsupported` where it is not Debian or has no apt.
    package static func read(
        _ runner: any CommandRunner, environment: [String: String]
    ) async throws -> AptMachine {
        // Before apt is asked, which other systems do not have.
        _ = try codename("/")
        let output = OutputText()
        let command = Command(
            "apt-config", ["dump"], environment: ["PATH": ProgramLookup.systemPath], workingDirectory: "/")
        let end = try await runner.run(command) { output.append($0.text) }
        guard end.isSuccess else {
            throw Failure(
                .unsupported, "apt-config ended with status \(end.status): \(output.text.prefix(200))",
                advice: otherWays)
        }
        return try AptMachine(dump: output.text, environment: environment)
    }

    private static func entries(in folder: FilePath) -> [AptSource] {
        let parts = folder.appending("sources.list.d")
        let names = parts.names
        let lists =
            [folder.appending("sources.list")] + names.filter { $0.hasSuffix(".list") }.map { parts.appending($0) }
        let sources = names.filter { $0.hasSuffix(".sources") }.map { parts.appending($0) }
        return lists.flatMap { AptSource.all(inList: $0.text ?? "") }
            + sources.flatMap { AptSource.all(inSources: $0.text ?? "") }
    }

    /// Who the machine's own list of a suite is from; `nil` where it has none.
    private static func origin(_ address: String, _ suite: String, in lists: FilePath) -> String? {
        guard let start = address.firstRange(of: "://")?.upperBound else { return nil }
        let place = (address[start...].split(separator: "/") + ["dists"]).joined(separator: "_")
        let name = place + "_" + suite.replacing("/", with: "_")
        for ending in ["InRelease", "Release"] {
            guard let text = lists.appending("\(name)_\(ending)").text else { continue }
            let line = text.prefix(4096).split(separator: "\n").first { $0.hasPrefix("Origin:") }
            return line.map { String($0.dropFirst("Origin:".count).drop { $0 == " " }) }
        }
        return nil
    }

    private static func secret(in place: String) -> Failure {
        Failure(
            .unsupported, "there is a password in \(place), and mixpack writes no password to its files",
            advice: "put it into /etc/apt/auth.conf.d, where apt finds it too")
    }

    /// How apt gets out, and what it does about time; nothing that runs programs after an update or trusts more.
    private static let carried = [
        "Acquire::http", "Acquire::https", "Acquire::Retries", "Acquire::ForceIPv4", "Acquire::ForceIPv6",
        "Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::Max-FutureTime", "Acquire::Max-ValidTime",
    ]
    private static let ownProxies = ["Acquire::http::Proxy": "http_proxy", "Acquire::https::Proxy": "https_proxy"]
    private static let proxies: Set<String> = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]
}
