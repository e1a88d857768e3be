import BuildpackAPI
import TOMLCoding

/// One of a buildpack's `[[targets]]`: what it can build for; what it leaves out matches anything.
package struct TargetRule: Hashable, Sendable {
    package struct Distribution: Hashable, Sendable {
        package var name: String
        package var version: String

        package init(name: String = "", version: String = "") {
            self.name = name
            self.version = version
        }
    }

    package var os: String
    package var architecture: String
    package var variant: String
    package var distributions: [Distribution]

    package init(
        os: String = "", architecture: String = "", variant: String = "", distributions: [Distribution] = []
    ) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.distributions = distributions
    }

    /// Reads one of `[[targets]]`, of buildpack.toml or of builder.toml.
    package init(_ table: TOMLTable) throws {
        os = try table.string("os") ?? ""
        architecture = try table.string("arch") ?? ""
        // The specification says `variant`, the reference lifecycle `arch-variant`.
        variant = try table.string("variant") ?? table.string("arch-variant") ?? ""
        distributions = try table.tables("distros").map { distribution in
            Distribution(
                name: try distribution.string("name") ?? "", version: try distribution.string("version") ?? "")
        }
    }

    /// Whether the target is one of those that the rule names.
    package func matches(_ target: BuildTarget) -> Bool {
        Self.agree(os, target.os) && Self.agree(architecture, target.architecture)
            && Self.agree(variant, target.variant ?? "") && matchesDistribution(target)
    }

    private func matchesDistribution(_ target: BuildTarget) -> Bool {
        guard !distributions.isEmpty else { return true }
        guard let name = target.distributionName else { return false }
        return distributions.contains { distribution in
            Self.agree(distribution.name, name) && Self.agree(distribution.version, target.distributionVersion ?? "")
        }
    }

    private static func agree(_ one: String, _ other: String) -> Bool { one == other || one.isEmpty || other.isEmpty }

    /// `linux/amd64 (debian 12)`, for messages; `any` where it names nothing.
    package var text: String {
        let platform = [os, architecture, variant].filter { !$0.isEmpty }.joined(separator: "/")
        let names = distributions.map { [$0.name, $0.version].filter { !$0.isEmpty }.joined(separator: " ") }
        let suffix = names.isEmpty ? "" : " (" + names.joined(separator: ", ") + ")"
        return (platform.isEmpty ? "any" : platform) + suffix
    }
}

extension BuildTarget {
    /// `linux/amd64 (debian 12)`, for messages.
    package var text: String {
        let platform = ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/")
        let distribution = [distributionName, distributionVersion].compactMap { $0 }.joined(separator: " ")
        return distribution.isEmpty ? platform : "\(platform) (\(distribution))"
    }
}

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
