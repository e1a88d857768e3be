import BuildpackAPI
import Files
import Materials
import MixInspection
import SystemPackage

/// The bill of materials of a release: its own applications, its dependencies, Elixir and Erlang.
///
/// It lists what is in the launch layers, so that packages for tests and tools that stay out of the image are not in it.
struct ReleaseMaterials {
    let name: String
    let version: String
    let otpVersion: String
    /// The buildpack's layers folder, with the release's layers.
    let layers: FilePath
    /// The copy of the project, with its dependencies' sources.
    let copy: FilePath
    /// The file that pins its dependencies.
    let lock: FilePath
    /// The user's repositories of packages.
    let repositories: HexConfiguration

    /// The bill in each format.
    func documents() throws -> [String: [UInt8]] {
        let bill = bill
        return Dictionary(
            uniqueKeysWithValues: try MaterialsBill.Format.allCases.map { ($0.fileEnding, try bill.document($0)) })
    }

    var bill: MaterialsBill {
        let locked = LockedPackage.all(in: (try? lock.bytes()) ?? [])
        let subject = Material(
            .application, name, version: version, url: PackageURL.otp(name, version: version).description)
        let applications = ReleaseLayers.applicationNames.reversed().flatMap { layer in
            self.applications(in: layer).map { material($0, layer: layer, locked[$0.name]) }
        }
        return MaterialsBill(of: subject, applications + [erlang])
    }

    /// The applications whose files are in a layer; the release's own has links to the others.
    private func applications(in layer: String) -> [AssembledRelease.Application] {
        let folder = layers.appending(layer).appending("lib")
        return folder.names.sorted().filter { folder.appending($0).kind == .folder }
            .compactMap(AssembledRelease.Application.init(folder:))
    }

    private func material(
        _ application: AssembledRelease.Application, layer: String, _ locked: LockedPackage?
    ) -> Material {
        let origin =
            layer == ReleaseLayers.base
            ? toolchainOrigin(application) : layer == ReleaseLayers.deps ? "dependency" : "project"
        var material = Material(
            layer == ReleaseLayers.release ? .application : .library, application.name, version: application.version,
            url: PackageURL.otp(application.name, version: application.version).description,
            properties: ["mixpack:origin": origin, "mixpack:layer": layer])
        guard layer == ReleaseLayers.deps, let locked else { return material }
        switch locked.origin {
        case .hex(let package, let version, let repository, let checksum):
            guard let url = url(package, version, repository, checksum) else { break }
            material.name = package
            material.version = version
            material.url = url.description
            material.sha256 = checksum
        case .git(let url, let commit):
            let found = PackageURL.git(url, commit: commit, name: application.name, version: application.version)
            material.url = found?.description ?? material.url
        }
        material.licences = licences(of: locked.name)
        return material
    }

    private func url(_ package: String, _ version: String, _ repository: String?, _ checksum: String?) -> PackageURL? {
        let address = repository.flatMap { repositories.repositories[$0]?.settings[.atom("url")]?.text }
        return .hex(package, version: version, repository: repository, address: address, checksum: checksum)
    }

    /// The licences that a package of Hex names in its own metadata.
    private func licences(of name: String) -> [String] {
        let file = copy.appending("deps").appending(name).appending("hex_metadata.config")
        let terms = (try? file.bytes(limit: 1 << 20)).flatMap(ErlangTextReader.terms) ?? []
        let pair = terms.compactMap(\.tuple).first { $0.count == 2 && $0[0].text == "licenses" }
        return (pair?[1].list ?? []).compactMap(\.text).filter { !$0.isEmpty }
    }

    private static let elixir: Set = ["elixir", "eex", "ex_unit", "iex", "logger", "mix"]

    private func toolchainOrigin(_ application: AssembledRelease.Application) -> String {
        Self.elixir.contains(application.name) ? "Elixir" : "Erlang/OTP"
    }

    /// Erlang as a whole: catalogues of vulnerabilities name it, not its applications.
    private var erlang: Material {
        Material(
            .application, "erlang", version: otpVersion,
            url: PackageURL("generic", "erlang", version: otpVersion).description,
            cpe: "cpe:2.3:a:erlang:erlang\\/otp:\(otpVersion):*:*:*:*:*:*:*",
            properties: ["mixpack:origin": "Erlang/OTP", "mixpack:layer": ReleaseLayers.base])
    }
}
