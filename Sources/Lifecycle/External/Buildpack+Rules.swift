import BuildpackAPI

extension Buildpack {
    /// Whether its processes may need bash in the run image, which releases do without.
    var needsBash: Bool {
        guard isExternal, descriptor.order.isEmpty else { return false }
        return (self as? DirectoryBuildpack)?.manifest.needsBash ?? true
    }

    /// The execution environments it is for, from Buildpack API 0.12 on; empty is all.
    var executionEnvironments: [String] {
        guard let manifest = (self as? DirectoryBuildpack)?.manifest, manifest.api >= APIVersion(0, 12) else {
            return []
        }
        return manifest.executionEnvironments
    }

    /// Why it cannot build for a target; `nil` where it can.
    func targetMismatch(_ target: BuildTarget) -> String? {
        guard let rules = (self as? DirectoryBuildpack)?.manifest.targets, !rules.isEmpty else { return nil }
        guard !rules.contains(where: { $0.matches(target) }) else { return nil }
        return "unable to satisfy target os/arch constraints; run image: \(target.text), "
            + "buildpack \(descriptor.id): \(rules.map(\.text).joined(separator: ", "))"
    }
}
