/// What an image is built for: the run image's platform and distribution (`CNB_TARGET_*` of the specification).
package struct BuildTarget: Sendable, Hashable, Codable {
    /// The operating system, in Go's words.
    package var os: String
    /// The processor, in Go's words.
    package var architecture: String
    /// The variant of the processor, where it has one.
    package var variant: String?
    /// The distribution's name, such as `debian`, where it is known.
    package var distributionName: String?
    /// The distribution's version, such as `12`, where it is known.
    package var distributionVersion: String?

    package init(
        os: String = "linux", architecture: String, variant: String? = nil, distributionName: String? = nil,
        distributionVersion: String? = nil
    ) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.distributionName = distributionName
        self.distributionVersion = distributionVersion
    }

    /// Linux on the processor that this program was built for.
    package static var current: BuildTarget {
        #if arch(arm64)
            BuildTarget(architecture: "arm64")
        #elseif arch(x86_64)
            BuildTarget(architecture: "amd64")
        #else
            BuildTarget(architecture: "unknown")
        #endif
    }
}
