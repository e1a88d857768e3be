import BuildpackAPI
import Files
import OCIImage
import SystemPackage
import Text

extension BuildTarget {
    /// What an image on this run image is for; a distribution that its labels do not name is the machine's own.
    init(runImage: Image, machine: FilePath = "/etc/os-release") {
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
