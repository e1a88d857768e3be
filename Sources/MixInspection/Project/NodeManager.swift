import Files
import SystemPackage

/// The programs that install the packages of Node: the one whose lock file a folder has, npm if it has none.
package enum NodeManager: String, Sendable, CaseIterable {
    case pnpm, yarn, bun, npm

    package init(in folder: FilePath) {
        self = Self.allCases.first { $0.lockFile(in: folder) != nil } ?? .npm
    }

    private var lockFiles: [String] {
        switch self {
        case .pnpm: ["pnpm-lock.yaml"]
        case .yarn: ["yarn.lock"]
        case .bun: ["bun.lock", "bun.lockb"]
        case .npm: ["package-lock.json", "npm-shrinkwrap.json"]
        }
    }

    /// The name of its lock file in a folder.
    package func lockFile(in folder: FilePath) -> String? {
        lockFiles.first { folder.appending($0).leadsSomewhere }
    }

    /// The command that installs exactly what the lock file says; without one, what package.json asks for.
    package func installing(in folder: FilePath) -> [String] {
        let isLocked = lockFile(in: folder) != nil
        return switch self {
        case .pnpm, .yarn, .bun: [rawValue, "install", "--frozen-lockfile"]
        case .npm: ["npm"] + (isLocked ? ["ci"] : ["install", "--no-save"]) + ["--no-audit", "--no-fund"]
        }
    }

    /// The command that runs a script of package.json.
    package func running(_ script: String) -> [String] { [rawValue, "run", script] }
}
