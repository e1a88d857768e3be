import Diagnostics

/// What an image runs on
/// ([OCI image specification](https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions)).
package struct Platform: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The processor, in Go's words: `amd64`, `arm64`.
    package var architecture: String
    /// The operating system, in Go's words: `linux`.
    package var os: String
    /// The variant of the processor, such as `v8`.
    package var variant: String?

    package init(architecture: String, os: String = "linux", variant: String? = nil) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
    }

    /// Reads `os/architecture[/variant]`.
    /// - Throws: `Failure` that shows the form.
    package init(_ text: String) throws(Failure) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(.malformed, "not a platform: \(text)", advice: "give one such as \(Platform.current)")
        }
        self.init(architecture: parts[1], os: parts[0], variant: parts.count > 2 ? parts[2] : nil)
    }

    /// The platform that this program was built for.
    package static var current: Platform {
        #if arch(arm64)
            Platform(architecture: "arm64")
        #elseif arch(x86_64)
            Platform(architecture: "amd64")
        #else
            Platform(architecture: "unknown")
        #endif
    }

    /// Whether its programs run on this machine's processor; so do those of an image that names none.
    package var isThisMachine: Bool {
        architecture.isEmpty || architecture == Self.current.architecture
    }

    /// `os/architecture[/variant]`.
    package var description: String { "\(os)/\(architecture)" + (variant.map { "/" + $0 } ?? "") }
}
