import Diagnostics
import OCIImage
import SystemPackage

/// Where buildpacks are written to or read from: a folder, or a place of images.
enum PackagePlace: CustomStringConvertible {
    case folder(FilePath)
    case image(ImagePlace)

    /// Reads a place; `FILE.cnb` is an archive of an OCI layout.
    /// - Throws: `Failure` for a place of an unknown kind.
    init(_ text: String, machine: Machine) throws {
        if text.hasSuffix(".cnb"), !text.contains(":") {
            self = .image(.layoutArchive(machine.absolute(text)))
        } else if text.contains(":") {
            do {
                self = .image(try ImagePlace(text).absolute(machine))
            } catch {
                throw Failure(.usage, error.message, advice: error.advice)
            }
        } else {
            self = .folder(machine.absolute(text))
        }
    }

    var description: String {
        switch self {
        case .folder(let path): path.string
        case .image(let place): place.description
        }
    }
}
