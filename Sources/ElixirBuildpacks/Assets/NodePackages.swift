import BuildpackAPI
import Commands
import Diagnostics
import Files
import FoundationEssentials
import MixInspection
import SystemPackage
import Toolchains

/// The packages of Node that a folder names in its package.json.
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

    private var place: FilePath { folder == "." ? mix.places.copy : mix.places.copy.appending(folder) }
    private var file: String { folder == "." ? "package.json" : "\(folder)/package.json" }
    private var stamp: FilePath { place.appending("node_modules/.mixpack") }

    /// Installs the packages, where that has not been done for the same files.
    ///
    /// Packages by a path inside the project, such as Phoenix's own in `deps`, are npm's matter too.
    /// - Throws: `Failure` when Node is missing, or the packages cannot be had.
    func install() async throws {
        guard let bytes = try? place.appending("package.json").bytes() else { return }
        let package: Package
        do {
            package = try JSONDecoder().decode(Package.self, from: Data(bytes))
        } catch {
            throw Failure(
                .cannotPlan, "cannot read \(file)", at: Place(file),
                advice: "check whether npm can read it")
        }
        guard package.namesAny else { return }
        let manager = NodeManager(in: place)
        let lock = manager.lockFile(in: place).flatMap { try? place.appending($0).bytes() }
        let wanted = bytes + (lock ?? [])
        if (try? stamp.bytes()) == wanted { return }
        try checkManager()
        let words = manager.installing(in: place)
        let outcome = try await mix.program(words, in: mix.places.workspace.appending(folder), step: .fetch)
        guard outcome.end.isSuccess else {
            throw mix.failure(of: words.joined(separator: " "), outcome)
        }
        if place.appending("node_modules").isFolder { try stamp.replace(with: wanted) }
    }

    /// Whether the manager that the folder's lock file names is there.
    /// - Throws: `Failure` at package.json.
    func checkManager() throws {
        let program = NodeManager(in: place).rawValue
        guard ProgramLookup(searchPath: mix.environment.variables["PATH"]).find(FilePath(program)) == nil else {
            return
        }
        throw Failure(
            .cannotPlan, "\(file) needs Node packages, but \(program) is not installed", at: Place(file),
            advice: program == "npm"
                ? PackageManager(mix.context.environment).advice(for: .npm)
                : "install it: npm install -g \(program)")
    }
}
