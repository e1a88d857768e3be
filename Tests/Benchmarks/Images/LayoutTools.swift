import Files
import SystemPackage
import TestSupport

/// What writes a tree into an image, ours and others', each in the seconds it takes.
struct LayoutTools {
    let tree: FilePath
    let folder: FilePath

    /// The kinds of work that are timed, in the order of the report.
    enum Work: String, CaseIterable {
        case plain = "mixpack"
        case copy = "cp and sha256"
        case gzip = "mixpack, gzip"
        case umoci = "umoci insert"
        case podman = "podman COPY"
    }

    /// What one run came to.
    struct Outcome {
        var seconds: Double
        /// The size of the image's blobs; 0 where it is of no interest.
        var bytes: Int64 = 0
        /// The most memory in KB; 0 where it is of no interest.
        var memory = 0
    }

    /// The folder of a work's output, which is emptied before each run.
    func output(_ work: Work) -> FilePath { folder.appending(work.rawValue.filter { $0.isLetter }) }

    /// Does a work once.
    func run(_ work: Work) async throws -> Outcome {
        let output = output(work)
        if output.isThere { try output.remove() }
        try output.makeFolder()
        let layout = output.appending("layout")
        switch work {
        case .plain: return try await Self.mixpack(["plain", tree.string, layout.string], layout: layout)
        case .gzip: return try await Self.mixpack(["gzip", tree.string, layout.string], layout: layout)
        case .copy: return try await copy(to: output)
        case .umoci: return try await umoci(layout)
        case .podman: return try await podman(output)
        }
    }

    /// Runs our share in a process of its own; the size is that of the blobs in `layout`.
    static func mixpack(_ words: [String], layout: FilePath) async throws -> Outcome {
        let end = try await TestSupport.run(
            "/proc/self/exe", [ImageWork.name] + words, within: .seconds(300)
        ).succeeded()
        let memory = end.lines.last.flatMap { Int($0) } ?? 0
        return Outcome(seconds: end.seconds, bytes: try size(of: layout), memory: memory)
    }

    /// The tree copied, and the layer's bytes hashed.
    private func copy(to output: FilePath) async throws -> Outcome {
        let blob = try Self.largestBlob(in: self.output(.plain).appending("layout"))
        let copy = try await TestSupport.run(
            try findTool("cp"), ["-r", tree.string, output.appending("copy").string], within: .seconds(300)
        ).succeeded()
        let hash = try await TestSupport.run(
            try findTool("openssl"), ["dgst", "-sha256", blob.string], within: .seconds(300)
        ).succeeded()
        return Outcome(seconds: copy.seconds + hash.seconds)
    }

    private func umoci(_ layout: FilePath) async throws -> Outcome {
        let umoci = try findTool("umoci")
        _ = try await TestSupport.run(umoci, ["init", "--layout", layout.string]).succeeded()
        _ = try await TestSupport.run(umoci, ["new", "--image", "\(layout):bench"]).succeeded()
        let end = try await TestSupport.run(
            umoci, ["insert", "--image", "\(layout):bench", tree.string, "/tree"], within: .seconds(300)
        ).succeeded()
        return Outcome(seconds: end.seconds, bytes: try Self.size(of: layout))
    }

    private func podman(_ output: FilePath) async throws -> Outcome {
        let podman = try findTool("podman")
        let options = ["--root", "\(output)/root", "--runroot", "\(output)/run", "--tmpdir", "\(output)/tmp"]
        let file = output.appending("Dockerfile")
        try file.write("FROM scratch\nCOPY . /tree\n")
        let end = try await TestSupport.run(
            podman, options + ["--cgroup-manager=cgroupfs", "build", "-t", "bench", "-f", file.string, tree.string],
            environment: ["XDG_RUNTIME_DIR": nil, "CONTAINER_HOST": nil], within: .seconds(600)
        ).succeeded()
        _ = try? await TestSupport.run(podman, options + ["system", "reset", "-f"], within: .seconds(120))
        return Outcome(seconds: end.seconds)
    }

    private static func size(of layout: FilePath) throws -> Int64 {
        guard layout.isThere else { return 0 }
        return try blobs(in: layout).reduce(0) { $0 + $1.size }
    }

    private static func largestBlob(in layout: FilePath) throws -> FilePath {
        guard let largest = try blobs(in: layout).max(by: { $0.size < $1.size }) else {
            throw TestSupportError("no blob in \(layout)")
        }
        return largest.path
    }

    private static func blobs(in layout: FilePath) throws -> [(path: FilePath, size: Int64)] {
        let folder = layout.appending("blobs/sha256")
        return try folder.names().map { (folder.appending($0), try folder.appending($0).fileSize()) }
    }
}
