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
    /// - Parameter executable: mixpack's own executable, for example `/proc/self/exe`.
    /// - Throws: `Failure` that names the places looked at.
    package static func locate(executable: FilePath) throws(Failure) -> FilePath {
        let folder = (executable.realPath ?? executable).removingLastComponent()
        let places = [
            folder.appending(name), folder.removingLastComponent().appending("libexec/mixpack").appending(name),
        ]
        for place in places where access(place.string, R_OK) == 0 { return place }
        throw Failure(
            .notFound, "no launcher at \(places.map(\.string).joined(separator: " or "))",
            advice: "build it with: swift build --product \(name)")
    }
}
