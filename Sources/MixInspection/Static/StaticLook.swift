import SystemPackage

/// A look at a mix project that runs nothing of it.
struct StaticLook {
    let root: FilePath

    init(_ root: FilePath) { self.root = root }

    func read() throws(MixError) -> MixProject {
        guard ProjectFile.isThere(root.appending("mix.exs")) else {
            throw MixError(.notMixProject, "\(root) is not a mix project: it has no mix.exs")
        }
        return MixProject(kind: .application, evidence: .probable, app: nil)
    }
}
