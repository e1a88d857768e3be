import Diagnostics
import Files
import SystemPackage

extension InstalledToolchains {
    /// The installs of a tool, each with who keeps it: `1.19.5-otp-28, 1.18.3 and 4 more by asdf; 1.14.0 in …`.
    package func list(_ tool: RequestedVersion.Tool) -> String {
        let installs = tool == .elixir ? elixirs : erlangs
        var keepers: [String] = []
        for install in installs where !keepers.contains(install.keeper) { keepers.append(install.keeper) }
        // Managers first: the folders of the system come from PATH, which has their shims before it.
        let (managed, others) = (keepers.filter { $0.hasPrefix("by ") }, keepers.filter { !$0.hasPrefix("by ") })
        let groups = (managed + others).map { keeper in
            let names = installs.filter { $0.keeper == keeper }.sorted {
                NumberedName($1.shown) < NumberedName($0.shown)
            }
            return "\(Self.folded(names.map(\.shown))) \(keeper)"
        }
        return groups.joined(separator: "; ")
    }

    /// The tools of which several are installed, in lines of their own: `installed: Elixir …` and `installed: OTP …`.
    package var choices: [String] {
        [("Elixir", RequestedVersion.Tool.elixir, elixirs), ("OTP", .erlang, erlangs)].filter { $0.2.count > 1 }
            .map { "installed: \($0.0) \(list($0.1))" }
    }

    /// The first of a list and how many more there are, so that the line can be read.
    private static func folded(_ names: [String]) -> String {
        if names.count > 6 { return "\(names.prefix(5).joined(separator: ", ")) and \(names.count - 5) more" }
        return names.joined(separator: ", ")
    }

    // MARK: - Managers

    /// The version managers that keep something: `asdf: 3 Elixirs, 2 Erlangs`.
    package var managers: [String] {
        VersionManager.allCases.compactMap { manager in
            let counts = [(elixirs, "Elixir"), (erlangs, "Erlang")].compactMap { installs, name -> String? in
                let count = installs.filter { $0.manager == manager }.count
                return count == 0 ? nil : "\(count) \(name)\(count == 1 ? "" : "s")"
            }
            return counts.isEmpty ? nil : "\(manager.rawValue): \(counts.joined(separator: ", "))"
        }
    }

    /// How to get an Elixir or an Erlang that is missing: by the version manager that is there, else by the system's
    /// package manager.
    package var advice: String {
        let missing: [RequestedVersion.Tool] = (elixirs.isEmpty ? [.elixir] : []) + (erlangs.isEmpty ? [.erlang] : [])
        switch manager {
        case .asdf:
            let words = missing.reversed().map(\.rawValue).map { tool in
                "asdf plugin add \(tool) && asdf install \(tool) latest && asdf set --home \(tool) latest"
            }
            return "install it: \(words.joined(separator: " && "))"
        case .mise: return "install it: mise use --global \(missing.reversed().map(\.rawValue).joined(separator: " "))"
        case .exenv, nil: return packages.advice(for: .elixir)
        }
    }

    /// How a version manager that is there installs what is asked for; `nil` without one.
    package func command(for requests: [RequestedVersion]) -> String? {
        let wanted = requests.filter { !$0.isRequirement && $0.version != RequestedVersion.system }
        let commands = wanted.compactMap { manager?.installing($0.tool.rawValue, $0.word) }
        return commands.isEmpty ? nil : commands.joined(separator: " && ")
    }
}

extension ToolInstall {
    /// The name that its manager shows, or the version.
    fileprivate var shown: String { manager == nil ? version : name }
}

extension RequestedVersion {
    /// The version as version managers write it.
    fileprivate var word: String { version + (otpMajor.map { "-otp-\($0)" } ?? "") }
}
