import Diagnostics
import ElixirBuildpacks
import FoundationEssentials
import OptionWords
import SystemPackage
import TOMLCoding

/// `$XDG_CONFIG_HOME/mixpack/config.toml`: what holds for all projects of a user.
struct ConfigurationFile {
    let machine: Machine

    /// The file; `nil` where there is none.
    /// - Throws: `Failure` that names the line of what is wrong.
    func table() throws -> TOMLTable? {
        let path = machine.configuration.appending("config.toml").string
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let root = try TOMLDocument(parsing: String(decoding: data, as: UTF8.self), fileName: path).root
        try root.rejectUnknownKeys(besides: Setting.configurationKeys)
        return root
    }

    /// What the user lets projects have outside of their folders: `follow-links`, where links may lead, and `contexts`, the
    /// folders that are copied with each project in them.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func paths(_ key: String) throws -> [String] {
        do {
            return try table()?.strings(key) ?? []
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// Programs of the user's that builds may run, by name or by a path with `/` or `~/` in front: `tools`.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func tools() throws -> [String] {
        do {
            let names = try table()?.strings("tools") ?? []
            if let wrong = names.first(where: { $0.contains("/") && !$0.hasPrefix("/") && !$0.hasPrefix("~/") }) {
                throw Failure(.usage, "config.toml: tools: \(wrong) is relative", advice: "start it with / or ~/")
            }
            return names
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// The buildpacks of others that get the build's secrets, by id: `secrets-for`.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func secretBuildpacks() throws -> [String] {
        do {
            return try table()?.strings("secrets-for") ?? []
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// Where toolchains, Hex and rebar3 come from: `builds-url`, `hex-url` and `offline`.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func downloads() throws -> DownloadSettings {
        do {
            let table = try table()
            let standard = DownloadSettings()
            return DownloadSettings(
                builds: try table?.string("builds-url") ?? standard.builds, hex: try table?.string("hex-url"),
                isOffline: try table?.boolean("offline") ?? false)
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }
}
