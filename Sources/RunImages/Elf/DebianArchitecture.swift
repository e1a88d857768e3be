import OCIImage

/// A processor as Debian, the dynamic linker and images each call it: the one table of these names.
package struct DebianArchitecture: Sendable, Hashable {
    /// Debian's name: `amd64`.
    package let name: String
    /// The name of its folders of libraries: `x86_64-linux-gnu`.
    package let triplet: String
    /// The processor, as `e_machine` numbers it.
    package let machine: UInt16
    /// The dynamic linker that its programs name.
    package let interpreter: String
    /// What images for it say.
    package let platform: Platform

    /// All that mixpack makes images for.
    package static let all = [
        DebianArchitecture(
            name: "amd64", triplet: "x86_64-linux-gnu", machine: 62, interpreter: "/lib64/ld-linux-x86-64.so.2",
            platform: Platform(architecture: "amd64")),
        DebianArchitecture(
            name: "arm64", triplet: "aarch64-linux-gnu", machine: 183, interpreter: "/lib/ld-linux-aarch64.so.1",
            platform: Platform(architecture: "arm64", variant: "v8")),
    ]

    /// The processor in the words of Linux and compilers: `x86_64`.
    package var processor: String { String(triplet.prefix { $0 != "-" }) }

    /// The one that this program was built for; `nil` where the table has none.
    package static var current: DebianArchitecture? { DebianArchitecture(Platform.current) }

    /// The one of a platform; its variant does not matter.
    package init?(_ platform: Platform) {
        let found = Self.all.first {
            $0.platform.os == platform.os && $0.platform.architecture == platform.architecture
        }
        guard let found else { return nil }
        self = found
    }

    /// Where musl's loaders are, for each processor.
    static var muslLoaders: [String] { all.map { "/lib/ld-musl-\($0.processor).so.1" } }

    private init(name: String, triplet: String, machine: UInt16, interpreter: String, platform: Platform) {
        self.name = name
        self.triplet = triplet
        self.machine = machine
        self.interpreter = interpreter
        self.platform = platform
    }
}
