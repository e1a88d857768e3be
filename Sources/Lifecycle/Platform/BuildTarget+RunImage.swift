import BuildpackAPI
import Files
import OCIImage
import SystemPackage

extension BuildTarget {
    /// What an image on this run image is for; a distribution that its labels do not name is the machine's own.
    init(runImage: Image, machine: FilePath = "/etc/os-release") {
        let configuration = runImage.configuration
        let labels = configuration.config.labels
        let name = labels["io.buildpacks.base.distro.name"]
        let version = labels["io.buildpacks.base.distro.version"]
        let isNamed = name != nil || version != nil
        let release = isNamed ? [:] : Self.release(machine)
        self.init(
            os: configuration.os.isEmpty ? "linux" : configuration.os,
            architecture: configuration.architecture.isEmpty
                ? BuildTarget.current.architecture : configuration.architecture,
            variant: configuration.variant.flatMap { $0.isEmpty ? nil : $0 },
            distributionName: isNamed ? name : release["ID"],
            distributionVersion: isNamed ? version : release["VERSION_ID"])
    }

    /// The values of an os-release file, without quotes and blanks around them.
    private static func release(_ file: FilePath) -> [String: String] {
        let text = file.text ?? ""
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            guard let equals = line.firstIndex(of: "=") else { return nil }
            let value = line[line.index(after: equals)...].drop { " \"'".contains($0) }
            let end = value.lastIndex { !" \"'".contains($0) }
            return (String(line[..<equals]), end.map { String(value[...$0]) } ?? "")
        }
        return Dictionary(pairs.filter { !$0.1.isEmpty }, uniquingKeysWith: { $1 })
    }
}
