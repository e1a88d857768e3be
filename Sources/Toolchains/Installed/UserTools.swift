import Files
import FoundationEssentials
import SystemPackage

/// A program of the user's, and what a sandbox must show for it to run.
package struct UserTool: Sendable, Hashable {
    package let name: String
    /// The program behind shims.
    package let program: FilePath
    /// The files and folders outside the system's that it needs, at the paths that they have on the machine.
    package let shown: [FilePath]
    /// Variables that it needs.
    package var variables: [String: String] = [:]

    /// The folder for `PATH`.
    package var folder: FilePath { program.removingLastComponent() }
}

/// Finds the programs that a shell starts in a folder: behind the shims of version managers, in their installs.
///
/// A shim runs its manager, which is not in the sandbox and has no configuration there; what it would start runs.
package struct UserTools: Sendable {
    /// What is known of a program.
    package enum Answer: Sendable, Hashable {
        case found(UserTool)
        /// A shim comes first on `PATH`, and there is nothing behind it: why, and what to try.
        case refused(String, advice: String? = nil)
        case missing
    }

    /// The programs of Node's world, which come together.
    package static let node = ["node", "npm", "npx", "yarn", "pnpm", "bun", "corepack"]

    private let shell: ShellTools
    private var places: ManagedPlaces { shell.places }

    /// Looks from a folder, the project's.
    package init(of folder: FilePath, environment: [String: String]) {
        shell = ShellTools(of: folder, environment: environment)
    }

    /// What the shell starts for a name, or for a path that begins with `/` or `~/`.
    package func find(_ name: String) -> Answer {
        if let path = path(name) {
            return path.isFile ? .found(real(path)) : .refused("\(path) is not a file")
        }
        for (folder, file) in SearchPath(places.environment).files(name) {
            if let manager = places.manager(ofShims: folder) {
                switch behind(file, name, manager) {
                case nil: continue
                case let answer?: return answer
                }
            }
            if folder == volta?.appending("bin") { return behindVolta(name) }
            return .found(real(file))
        }
        if let file = rustup?.bin.appending(name), file.isFile { return .found(real(file)) }
        // nvm is a function of the shell: it need not be on PATH.
        if Self.node.contains(name), let file = nvm?.appending(name), file.isFile { return .found(real(file)) }
        return .missing
    }

    /// Who keeps a program: a version manager, nvm, volta, fnm or rustup; `nil` for the system's and the user's own.
    package func keeper(of tool: UserTool) -> String? {
        if let manager = places.manager(ofInstall: tool.program) { return manager.rawValue }
        let real = tool.program.realPath ?? tool.program
        let homes = [
            ("nvm", nvmRoot), ("volta", volta), ("fnm", places.home?.appending(".local/share/fnm")),
            ("rustup", rustup?.bin),
        ]
        return homes.first { $0.1.map { real.starts(with: $0.realPath ?? $0) } ?? false }?.0
    }

    private func path(_ name: String) -> FilePath? {
        if name.hasPrefix("~/") { return places.home?.pushing(FilePath(String(name.dropFirst(2)))) }
        return name.hasPrefix("/") ? FilePath(name) : nil
    }

    // MARK: - Real programs

    /// A program at its place, with everything that it leads to outside the system's folders.
    private func real(_ file: FilePath, as name: String? = nil) -> UserTool {
        var shown: [FilePath] = []
        var waiting = [file]
        var steps = 0
        while let next = waiting.popLast(), steps < 8 {
            steps += 1
            guard !Toolchain.isSystem(next.string) else { continue }
            for place in Set([next, next.realPath ?? next].map(install)) where !shown.contains(place) {
                shown.append(place)
            }
            if let behind = (next.realPath ?? next).wrapped { waiting.append(behind) }
        }
        var tool = UserTool(name: name ?? file.lastComponent?.string ?? "", program: file, shown: shown.sorted())
        if let rustup, file.removingLastComponent() == rustup.bin {
            tool = UserTool(
                name: tool.name, program: file, shown: [rustup.bin, rustup.toolchains],
                variables: ["RUSTUP_HOME": rustup.toolchains.string])
        }
        return tool
    }

    /// The folder that holds `bin`, or the file alone where that would be the user's own folder.
    private func install(of file: FilePath) -> FilePath {
        let folder = file.removingLastComponent()
        guard folder.lastComponent?.string == "bin" else {
            return Self.packageRoot(of: folder) ?? (isUsers(folder) ? file : folder)
        }
        let root = folder.removingLastComponent()
        return isUsers(root) ? file : root
    }

    private func isUsers(_ folder: FilePath) -> Bool {
        guard let home = places.home else { return folder == "/" }
        return home.starts(with: folder) || folder == home.appending(".local") || folder == home.appending(".local/bin")
    }

    /// The install of Node that a file of one of its global packages belongs to.
    private static func packageRoot(of folder: FilePath) -> FilePath? {
        guard let lib = folder.string.firstRange(of: "/lib/node_modules/") else { return nil }
        return FilePath(String(folder.string[..<lib.lowerBound]))
    }

    // MARK: - asdf and mise

    /// What a manager's shim starts; `nil` if the manager leaves it to the rest of `PATH`.
    private func behind(_ shim: FilePath, _ name: String, _ manager: VersionManager) -> Answer? {
        var refused: Answer?
        for plugin in plugins(of: shim, name, manager) {
            switch shell.decision(manager, plugin) {
            case .system: return nil
            case .answer(.install(let root, _)):
                if let file = Self.program(name, in: root) { return .found(real(file, as: name)) }
            case .answer(.refused(_, let wanted)):
                refused =
                    wanted.isEmpty
                    ? .refused(
                        "\(manager.rawValue) has a shim for \(name), and no file here or above sets a version of \(plugin)",
                        advice: manager.setting(plugin, newestIn: places))
                    : .refused(
                        "\(manager.rawValue) has no \(plugin) \(wanted.joined(separator: " "))",
                        advice: manager.installing(plugin, wanted[0]))
            case .answer(.program), .answer(.nothing): continue
            }
        }
        return refused ?? .refused("\(manager.rawValue) has a shim for \(name), and no install with it")
    }

    /// A program of an install, wherever managers look for one.
    private static func program(_ name: String, in root: FilePath) -> FilePath? {
        ["bin", ".npm/bin", ".mix/escripts", "."].lazy
            .map { root.pushing(FilePath($0)).appending(name).lexicallyNormalized() }.first { $0.isFile }
    }

    /// The tools that a shim may belong to: asdf writes them into it, mise's is the same file for all.
    private func plugins(of shim: FilePath, _ name: String, _ manager: VersionManager) -> [String] {
        switch manager {
        case .asdf:
            let lines = shim.text?.split(whereSeparator: \.isNewline) ?? []
            let names = lines.compactMap { $0.wholeMatch(of: /# asdf-plugin: (\S+).*/).map { String($0.1) } }
            var seen: Set<String> = []
            return names.filter { seen.insert($0).inserted }
        case .mise:
            guard let installs = places.root(of: .mise)?.appending("installs") else { return [] }
            let owners = installs.names.sorted().filter { tool in
                let versions = installs.appending(tool)
                return versions.names.contains { Self.program(name, in: versions.appending($0)) != nil }
            }
            let wanted = Set(shell.sources.tools(by: .mise))
            return owners.filter(wanted.contains) + owners.filter { !wanted.contains($0) }
        case .exenv: return ["elixir"]
        }
    }

    // MARK: - nvm, volta, rustup

    /// The folder of nvm's default version, or of the one that `.nvmrc` names.
    private var nvm: FilePath? {
        guard let root = nvmRoot else { return nil }
        let versions = root.appending("versions/node")
        var word = Self.word(shell.sources.folder.appending(".nvmrc")) ?? Self.word(root.appending("alias/default"))
        for _ in 0..<4 {
            guard let alias = word.flatMap({ Self.word(root.appending("alias").pushing(FilePath($0))) }) else { break }
            word = alias
        }
        guard let word else { return nil }
        let wanted = word.hasPrefix("v") ? String(word.dropFirst()) : word
        let fitting = versions.names.filter { name in
            let version = name.dropFirst()
            return name.hasPrefix("v")
                && (version == wanted || version.hasPrefix(wanted + ".") || ["node", "stable"].contains(wanted))
        }
        return fitting.max { NumberedName(String($0.dropFirst())) < NumberedName(String($1.dropFirst())) }
            .map { versions.appending($0).appending("bin") }
    }

    private var nvmRoot: FilePath? {
        places.environment["NVM_DIR"].map { FilePath($0) } ?? places.home?.appending(".nvm")
    }

    private static func word(_ file: FilePath) -> String? {
        file.text?.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    private var volta: FilePath? {
        places.environment["VOLTA_HOME"].map { FilePath($0) } ?? places.home?.appending(".volta")
    }

    /// volta's choice: `volta` in package.json of the folder or one above, else the user's default.
    private func behindVolta(_ name: String) -> Answer {
        struct Versions: Decodable { var node, npm, yarn, pnpm: String? }
        struct Package: Decodable { var volta: Versions? }
        struct Default: Decodable {
            struct Node: Decodable { var runtime, npm: String? }
            var node: Node?
            var yarn, pnpm: String?
        }
        guard let volta else { return .missing }
        func read<Value: Decodable>(_ file: FilePath, _ type: Value.Type) -> Value? {
            file.text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
        }
        var versions: Versions?
        var folder = shell.sources.folder
        repeat {
            versions = read(folder.appending("package.json"), Package.self)?.volta
        } while versions == nil && folder.removeLastComponent()
        let own = read(volta.appending("tools/user/platform.json"), Default.self)
        let node = versions?.node ?? own?.node?.runtime
        let (tool, version): (String, String?) =
            switch name {
            case "yarn": ("yarn", versions?.yarn ?? own?.yarn)
            case "pnpm": ("pnpm", versions?.pnpm ?? own?.pnpm)
            case "npm", "npx":
                (versions?.npm ?? own?.node?.npm).map { ("npm", $0) } ?? ("node", node)
            default: ("node", node)
            }
        guard let version else { return .refused("volta has a shim for \(name), and sets no version of it") }
        let file = volta.appending("tools/image").appending(tool).appending(version).appending("bin").appending(name)
        return file.isFile ? .found(real(file)) : .refused("volta has no \(tool) \(version)")
    }

    /// rustup's programs and its toolchains, which its proxies start.
    private var rustup: (bin: FilePath, toolchains: FilePath)? {
        let environment = places.environment
        guard let cargo = environment["CARGO_HOME"].map({ FilePath($0) }) ?? places.home?.appending(".cargo"),
            let rustup = environment["RUSTUP_HOME"].map({ FilePath($0) }) ?? places.home?.appending(".rustup"),
            rustup.isFolder
        else { return nil }
        return (cargo.appending("bin"), rustup)
    }
}

extension FilePath {
    /// What a short script at the path starts, by an absolute path.
    fileprivate var wrapped: FilePath? { WrapperScript(self)?.program }
}

extension [FilePath] {
    fileprivate func sorted() -> [FilePath] { sorted { $0.string < $1.string } }
}
