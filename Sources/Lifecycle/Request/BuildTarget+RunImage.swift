import BuildpackAPI
import Files
import OCIImage
import SystemPackage
import Text

extension BuildTarget {
    /// Where a machine says which distribution it has.
    static let release: FilePath = "/etc/os-release"

    /// What an image on this run image is for; a distribution that its labels do not name is the machine's own.
    init(runImage: Image, machine: FilePath = release) {
        let configuration = runImage.configuration
        let labels = configuration.config.labels
        let name = labels["io.buildpacks.base.distro.name"]
        let version = labels["io.buildpacks.base.distro.version"]
        let isNamed = name != nil || version != nil
        let release = OSRelease(isNamed ? "" : machine.text ?? "")
        self.init(
            os: configuration.os.isEmpty ? "linux" : configuration.os,
            architecture: configuration.architecture.isEmpty
                ? BuildTarget.current.architecture : configuration.architecture,
            variant: configuration.variant.flatMap { $0.isEmpty ? nil : $0 },
            distributionName: isNamed ? name : release["ID"],
            distributionVersion: isNamed ? version : release["VERSION_ID"])
    }
}

extension BuildTarget {
    /// What an image for this machine is for.
    /// - Parameter release: the machine's os-release.
    init(machine release: FilePath) {
        let release = OSRelease(release.text ?? "")
        let own = BuildTarget.current
        self.init(
            os: own.os, architecture: own.architecture, distributionName: release["ID"],
            distributionVersion: release["VERSION_ID"])
    }
}

/// The stack of a run image, which buildpacks from before targets ask for.
enum RunImageStack {
    /// The stack of run images that name none, and of those that mixpack makes.
    static let own = "io.github.carlo-colombo.elixir-builder"
    private static let label = "io.buildpacks.stack.id"

    /// The stack's id.
    static func id(of image: Image) -> String {
        image.configuration.config.labels[label].flatMap { $0.isEmpty ? nil : $0 } ?? own
    }
}
