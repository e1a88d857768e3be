import BuildpackAPI
import Commands
import Diagnostics
import Files
import OCIImage
import SystemPackage
import Text

/// Where the buildpacks of one build run that uses a builder: its root, and what they change in it.
///
/// Changes stay apart from the root, and go when the build ends. Where the kernel lets nobody lay one folder over another,
/// the room is a copy of the root.
struct BuilderRoom: Sendable {
    let builder: PlatformServices.Builder
    let root: SandboxRoot
    /// The home folder of the builder's user.
    let home: String
    /// What the builder's operator sets in every buildpack's environment.
    let rules: [EnvironmentRule]
    /// The room's own folder.
    private let folder: FilePath

    /// Makes a room.
    /// - Throws: `Failure` where there is no sandbox, or no space for a copy; `CancellationError`.
    init(
        _ builder: PlatformServices.Builder, in folder: FilePath, _ services: PlatformServices,
        notice: (String) -> Void
    ) async throws {
        self.builder = builder
        self.folder = folder
        if case .unavailable(let reason, let advice) = await services.runner.sandboxStatus() {
            throw Failure(
                .notRunnable, "no sandbox, which the buildpacks of a builder run in: \(reason)", advice: advice)
        }
        try Self.checkUser(of: builder)
        let paths = RootPath(builder.root)
        guard paths.place(of: "/bin/sh") != nil else {
            throw Failure(
                .unsupported, "the builder \(builder.place) has no /bin/sh, by which its buildpacks are started",
                advice: "use a builder that is made on a distribution's image")
        }
        home = Self.home(of: builder, in: paths)
        rules = try Self.rules(in: paths)
        try folder.remove()
        try folder.makeFolders()
        let user = SandboxRoot.User(id: builder.owner.user, group: builder.owner.group, range: builder.range)
        let over = SandboxRoot(builder.root, changes: .apart(folder), user: user, sharesNames: true)
        if await over.isLaidOver(by: services.runner) {
            root = over
            return
        }
        try Task.checkCancellation()
        notice("copying the builder's files: this machine lays no folder over another")
        let copy = folder.appending("copy")
        try await Self.copy(builder.root, to: copy, services.runner)
        root = SandboxRoot(copy, changes: .kept, user: user, sharesNames: true)
    }

    /// Makes a room in the builder that a request names; `nil` where it names none.
    static func opened(
        for request: BuildRequest, _ services: PlatformServices, _ cache: ProjectCache, _ emit: EventEmitter
    ) async throws -> BuilderRoom? {
        // What a killed build left there.
        try cache.room.remove()
        guard let place = request.builder else { return nil }
        let builder = try await services.builder(place) {
            emit(.notice($0))
        } _: { step, done, total in
            let kilobyte: Int64 = 1024
            emit(.progress(step: "\(step) (kB)", done: Int(done / kilobyte), total: Int(total / kilobyte)))
        }
        emit(.notice("builder \(builder.place) (\(builder.digest)): its buildpacks run in its own files"))
        return try await BuilderRoom(builder, in: cache.room, services) { emit(.notice($0)) }
    }

    /// Where the builder says which distribution it has; `nil` where it does not.
    var release: FilePath? { RootPath(builder.root).place(of: "/etc/os-release") }

    /// Removes what buildpacks changed.
    func remove() { try? folder.remove() }

    /// Gives a folder with all it holds to the user of the builds.
    func give(_ path: FilePath) throws {
        guard let owner = root.user?.machineOwner else { return }
        try path.give(to: owner.user, group: owner.group)
    }

    /// Whether a folder of the machine is a part of the root, so that programs see it already.
    func has(_ path: FilePath) -> Bool { path.starts(with: builder.root.realPath ?? builder.root) }

    /// Refuses root, as the specification has it, and numbers that nobody can have in the sandbox.
    private static func checkUser(of builder: PlatformServices.Builder) throws(Failure) {
        let (user, group) = (builder.owner.user, builder.owner.group)
        let most = builder.range?.count ?? Int(Int32.max)
        guard user > 0, group >= 0, user < most, group < most else {
            throw Failure(
                .unsupported, "the builder \(builder.place) has its buildpacks run as \(user):\(group)",
                advice: user == 0 ? "no buildpack runs as root: set another CNB_USER_ID" : "use numbers below \(most)")
        }
    }

    /// Copies with owners and links.
    private static func copy(_ root: FilePath, to place: FilePath, _ runner: any CommandRunner) async throws {
        let output = OutputTail()
        let command = Command(
            "cp", ["-a", "--reflink=auto", "--", root.string, place.string],
            environment: ["PATH": ProgramLookup.systemPath, "LC_ALL": "C.UTF-8"], workingDirectory: "/")
        let end = try await runner.run(command) { output.add($0.text) }
        guard end.isSuccess else {
            throw Failure(
                .unwritable, "cannot copy the builder's files: \(output.text.split(separator: "\n").first ?? "")")
        }
    }

    private static func home(of builder: PlatformServices.Builder, in paths: RootPath) -> String {
        let user = String(builder.owner.user)
        for line in paths.place(of: "/etc/passwd")?.text?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 5, fields[2] == user, fields[5].hasPrefix("/") { return String(fields[5]) }
        }
        return builder.environment["HOME"] ?? "/"
    }

    private static func rules(in paths: RootPath) throws -> [EnvironmentRule] {
        guard let folder = paths.place(of: "/cnb/build-config/env") else { return [] }
        return try EnvironmentFolder(path: folder, api: APIVersion.supported.upperBound, root: folder)
            .rules(scope: .build)
    }
}

/// What buildpacks of others find around them.
struct Surroundings: Sendable {
    /// The stack that they find in `CNB_STACK_ID`.
    var stack: String
    /// Where they run; `nil` is this machine.
    var room: BuilderRoom?
}
