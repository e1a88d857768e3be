import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage
import TOMLCoding

/// Runs a buildpack of this process as the programs `bin/detect` and `bin/build` of the specification.
///
/// It is the author's side of the contract of files; the lifecycle has the other.
package struct BuildpackProgram: Sendable {
    /// Makes the buildpacks that there are; the version is that of buildpack.toml.
    private let buildpacks: @Sendable (_ version: String) -> [any Buildpack]
    /// The folder that a platform makes for the sources; any other one may be somebody's checkout.
    private let workspace: FilePath
    private let write: @Sendable (String) -> Void

    /// The variable by which mixpack's own lifecycle makes itself known to buildpacks that it packaged.
    ///
    /// It takes the sources out of the image itself, after all buildpacks have run.
    package static let lifecycleVariable = "MIXPACK_LIFECYCLE"

    /// Creates the program.
    /// - Parameters:
    ///   - buildpacks: makes the buildpacks of a version.
    ///   - workspace: the application's folder from which the sources may be removed.
    ///   - write: takes what is printed.
    package init(
        _ buildpacks: @escaping @Sendable (_ version: String) -> [any Buildpack],
        workspace: FilePath = "/workspace", write: @escaping @Sendable (String) -> Void
    ) {
        self.buildpacks = buildpacks
        self.workspace = workspace
        self.write = write
    }

    /// Does what the call asks for.
    /// - Returns: the program's exit status: of `detect` 0 passes, 100 fails, anything else is an error.
    package func run(_ call: ProgramCall) async -> Int32 {
        do {
            let buildpack = try buildpack(call)
            switch call.role {
            case "detect": return try await detect(buildpack, call)
            case "build": return try await build(buildpack, call)
            default: throw Failure(.buildFailed, "called as \(call.role); it is detect or build")
            }
        } catch let error as Failure {
            tell(error)
            return error.code.isNotApplicable && call.role == "detect" ? 100 : 1
        } catch {
            write("ERROR: \(error)\n")
            return 1
        }
    }

    private func buildpack(_ call: ProgramCall) throws -> any Buildpack {
        let file = call.root.appending("buildpack.toml")
        guard let text = file.text else { throw Failure(.buildFailed, "cannot read \(file)") }
        let table = try TOMLDocument(parsing: text, fileName: file.string).root.table("buildpack")
        let id = try table?.string("id") ?? ""
        guard let found = buildpacks(try table?.string("version") ?? "").first(where: { $0.descriptor.id == id }) else {
            throw Failure(.buildFailed, "\(file): this program is not the buildpack \"\(id)\"")
        }
        return found
    }

    private func detect(_ buildpack: any Buildpack, _ call: ProgramCall) async throws -> Int32 {
        let scratch = try ScratchFolder(in: FilePath(call.environment["TMPDIR"] ?? "/tmp"), prefix: "buildpack-")
        defer { scratch.remove() }
        let result = try await buildpack.detect(
            DetectContext(
                applicationDirectory: call.workingDirectory, platformVariables: call.platformVariables,
                secretNames: call.secretNames, environment: call.environment, cacheDirectory: scratch.path,
                target: BuildTarget(call.environment),
                executionEnvironment: call.environment["CNB_EXEC_ENV"] ?? "production", reporter: reporter))
        switch result {
        case .pass(let plan):
            try call.plan.writeText(PlanFiles.text(of: plan))
            return 0
        case .fail(let reason):
            write(reason + "\n")
            return 100
        }
    }

    private func build(_ buildpack: any Buildpack, _ call: ProgramCall) async throws -> Int32 {
        let before = SourceSet(call.workingDirectory)
        let plan = try PlanFiles.entries(call.plan.text ?? "", fileName: call.plan.string)
        let cache = call.layers.appending("cache")
        try cache.makeFolders(mode: 0o755)
        var result = try await buildpack.build(
            BuildContext(
                applicationDirectory: call.workingDirectory, layersDirectory: call.layers,
                platformVariables: call.platformVariables, secretNames: call.secretNames,
                environment: call.environment, plan: plan, cacheDirectory: cache,
                target: BuildTarget(call.environment),
                executionEnvironment: call.environment["CNB_EXEC_ENV"] ?? "production", reporter: reporter))
        if cache.names.isEmpty {
            rmdir(cache.string)
        } else {
            result.layers.append(LayerContribution("cache", types: .cache))
        }
        try ResultFiles(layers: call.layers).write(result)
        if result.omitsSource {
            before.removeOthers()
            if call.environment[Self.lifecycleVariable] == nil { removeSources(before, call.workingDirectory) }
        }
        return 0
    }

    /// Takes the sources out of the image, unless their folder may be somebody's own: a Tekton task builds in the checkout.
    private func removeSources(_ sources: SourceSet, _ folder: FilePath) {
        guard folder.lexicallyNormalized() != workspace else { return sources.removeAll() }
        write(
            "note: the sources are in \(folder), not in \(workspace), so they are kept, and the image holds them\n"
                + "  the release does not need them; a platform that copies the sources to \(workspace) gives an image "
                + "without them\n")
    }

    // MARK: Words

    private var reporter: BuildpackReporter {
        BuildpackReporter { [write] report in
            switch report {
            case .commandStarted(_, let text): write("$ \(text)\n")
            case .output(let text, _): write(text)
            case .notice(let text): write("note: \(text)\n")
            case .diagnostic(let diagnostic): write(Self.text(of: diagnostic))
            case .commandEnded, .layerGrowing, .progress, .dependency: break
            }
        }
    }

    private static func text(of diagnostic: Diagnostic) -> String {
        let line = diagnostic.line.map { ":\($0)" } ?? ""
        let place = diagnostic.file.map { "\($0)\(line): " } ?? ""
        return "\(diagnostic.severity.rawValue): \(place)\(diagnostic.text)\n"
            + (diagnostic.advice.map { "  \($0)\n" } ?? "")
    }

    private func tell(_ error: Failure) {
        write("ERROR: \(error.message)\n")
        for line in (error.advice ?? "").split(separator: "\n") { write("  \(line)\n") }
    }
}

extension BuildTarget {
    /// The target that the lifecycle names in `CNB_TARGET_*`; what it leaves out is this program's own.
    init(_ environment: [String: String]) {
        let own = BuildTarget.current
        self.init(
            os: environment["CNB_TARGET_OS"] ?? own.os,
            architecture: environment["CNB_TARGET_ARCH"] ?? own.architecture,
            variant: environment["CNB_TARGET_ARCH_VARIANT"],
            distributionName: environment["CNB_TARGET_DISTRO_NAME"],
            distributionVersion: environment["CNB_TARGET_DISTRO_VERSION"])
    }
}

/// The paths of an application's folder at one moment.
struct SourceSet {
    private let folder: FilePath
    private var paths: Set<String> = []

    init(_ folder: FilePath) {
        self.folder = folder
        visit("") { paths.insert($0) }
    }

    /// Removes what came since.
    func removeOthers() {
        for path in Self(folder).paths.subtracting(paths) { try? folder.appending(path).remove() }
    }

    func removeAll() {
        for name in folder.names { try? folder.appending(name).remove() }
    }

    private func visit(_ relative: String, _ body: (String) -> Void) {
        for name in (relative.isEmpty ? folder : folder.appending(relative)).names {
            let path = relative.isEmpty ? name : relative + "/" + name
            body(path)
            if folder.appending(path).kind == .folder { visit(path, body) }
        }
    }
}
