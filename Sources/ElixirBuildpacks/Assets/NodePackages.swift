import BuildpackAPI
import Commands
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// The packages of Node that an assets folder names in its package.json.
struct NodePackages {
    private struct Package: Decodable {
        var dependencies: [String: String]?
        var devDependencies: [String: String]?
        var optionalDependencies: [String: String]?

        var namesAny: Bool {
            [dependencies, devDependencies, optionalDependencies].contains { $0?.isEmpty == false }
        }
    }

    let mix: MixRunner
    /// The folder, relative to the project's.
    let folder: String

    private var place: FilePath { mix.places.copy.appending(folder) }
    private var stamp: FilePath { place.appending("node_modules/.mixpack") }

    /// Installs the packages, where that has not been done for the same files.
    ///
    /// Packages by a path inside the project, such as Phoenix's own in `deps`, are npm's matter too.
    /// - Throws: `Failure` when Node is missing, or the packages cannot be had.
    func install(failure: (String, MixRunner.Outcome) -> Failure) async throws {
        guard let bytes = try? place.appending("package.json").bytes() else { return }
        let package: Package
        do {
            package = try JSONDecoder().decode(Package.self, from: Data(bytes))
        } catch {
            throw Failure(
                .cannotPlan, "\(folder)/package.json cannot be read", at: Place("\(folder)/package.json"),
                advice: "see whether npm understands it")
        }
        guard package.namesAny else { return }
        let (words, lock) = command
        let wanted = bytes + ((try? place.appending(lock).bytes()) ?? [])
        if (try? stamp.bytes()) == wanted { return }
        guard ProgramLookup(searchPath: mix.environment.variables["PATH"]).find(FilePath(words[0])) != nil else {
            throw Failure(
                .cannotPlan, "\(folder)/package.json names packages of Node, and \(words[0]) is not installed",
                at: Place("\(folder)/package.json"),
                advice: words[0] == "npm"
                    ? "install it: sudo apt-get install -y npm" : "install it: npm install -g \(words[0])")
        }
        let outcome = try await mix.program(words, in: mix.places.workspace.appending(folder), hasNetwork: true)
        guard outcome.end.isSuccess else { throw failure(words.joined(separator: " "), outcome) }
        if place.appending("node_modules").isFolder { try stamp.replace(with: wanted) }
    }

    /// The manager whose lock file is there, as it installs just what that says; npm else.
    private var command: (words: [String], lock: String) {
        if place.appending("pnpm-lock.yaml").leadsSomewhere {
            return (["pnpm", "install", "--frozen-lockfile"], "pnpm-lock.yaml")
        }
        if place.appending("yarn.lock").leadsSomewhere {
            return (["yarn", "install", "--frozen-lockfile"], "yarn.lock")
        }
        let quiet = ["--no-audit", "--no-fund"]
        if place.appending("package-lock.json").leadsSomewhere { return (["npm", "ci"] + quiet, "package-lock.json") }
        return (["npm", "install", "--no-save"] + quiet, "package-lock.json")
    }
}
