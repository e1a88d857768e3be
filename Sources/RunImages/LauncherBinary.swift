import Diagnostics
import Files
import Glibc
import SystemPackage

/// The launcher that goes into images: the static program `mixpack-launcher`, built beside mixpack.
package enum LauncherBinary {
    package static let name = "mixpack-launcher"

    /// Finds the launcher of a mixpack: beside its executable, else in `../libexec/mixpack` of the executable's folder.
    ///
    /// Links to the executable are followed first.
    /// - Parameters:
    ///   - executable: mixpack's own executable, for example `/proc/self/exe`.
    ///   - architecture: another processor than this machine's that it is to run on, by Debian's name.
    /// - Throws: `Failure` that names the places looked at.
    package static func locate(executable: FilePath, architecture: String? = nil) throws(Failure) -> FilePath {
        let name = ([Self.name] + [architecture].compactMap(\.self)).joined(separator: "-")
        let folder = (executable.realPath ?? executable).removingLastComponent()
        let places = [
            folder.appending(name), folder.removingLastComponent().appending("libexec/mixpack").appending(name),
        ]
        for place in places where access(place.string, R_OK) == 0 { return place }
        throw Failure(
            .notFound, "no launcher at \(places.map(\.string).joined(separator: " or "))",
            advice: architecture == nil
                ? "build it with: swift build --product \(name)"
                : "install a mixpack that make release built where the package mirrors can be reached")
    }
}
