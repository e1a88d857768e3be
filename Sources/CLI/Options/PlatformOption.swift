import Diagnostics
import OCIImage

/// The platform that `--platform` names.
enum PlatformOption {
    /// Reads one.
    static func read(_ text: String) throws -> Platform {
        do throws(Failure) {
            return try Platform(text)
        } catch {
            throw Failure(.usage, "--platform: \(error.message)", advice: error.advice)
        }
    }

    /// Reads one to build for: another processor's programs cannot be made here.
    static func readForBuild(_ text: String) throws -> Platform {
        let platform = try read(text)
        let own = Platform.current
        guard platform.os == own.os, platform.architecture == own.architecture else {
            throw Failure(
                .usage, "--platform \(text): releases built on this machine run on \(own) only",
                advice: "build on a machine that is \(platform)")
        }
        return platform
    }
}
