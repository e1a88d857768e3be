import Diagnostics
import ElixirBuildpacks
import FoundationEssentials
import OCIImage
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

    /// The builder of all projects that name none: `builder`.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func builder() throws -> String? {
        do {
            return try table()?.string("builder")
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// Where registries are reached in place of their own names: `[registries]`, `"HOST" = "127.0.0.1:PORT"`.
    /// - Throws: `Failure` that names the line of a setting that is wrong.
    func registries() throws -> [String: String] {
        do {
            guard let table = try table()?.table("registries") else { return [:] }
            return try table.entries.reduce(into: [:]) { result, entry in
                let address = try table.string(entry.key) ?? ""
                let (name, place) = (try? Reference(entry.key + "/x"), try? Reference(address + "/x"))
                guard let name, name.registry == entry.key, place?.registry == address else {
                    throw table.error(
                        at: entry.key, "[registries]: write \"HOST\" = \"ADDRESS:PORT\", both without a path")
                }
                // The hub has another name in requests.
                result[String(name.fullRepository.prefix { $0 != "/" })] = address
            }
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
