import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// Looks at a `--volume` before the build: the sandbox would stop at it only when the first buildpack starts.
struct VolumeCheck {
    private let volume: Volume
    private let text: String

    init(_ volume: Volume, _ text: String) {
        self.volume = volume
        self.text = text
    }

    /// Folders that buildpacks have from the machine or from the build itself.
    private static let taken = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/dev", "/sys", "/cnb", "/layers",
        "/workspace", "/plan", "/home/cnb",
    ]

    /// - Throws: `Failure` of code `usage`.
    func check() throws(Failure) {
        guard volume.source.exists else {
            throw Failure(
                .usage, "--volume \(text): no file or folder \(volume.source)",
                advice: "name a folder of this machine; make it first if it is to be filled")
        }
        let place = volume.destination
        let folder = Self.taken.first { place.starts(with: FilePath($0)) }
        guard let folder = folder ?? (place == "/platform" ? "/platform" : nil) else { return }
        throw Failure(
            .usage, "--volume \(text): buildpacks have a folder \(folder) of their own",
            advice: "choose another path, such as /platform/bindings/NAME or /volumes/NAME")
    }
}
