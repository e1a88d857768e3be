import Diagnostics
import OCIImage
import RunImages

/// The platforms that `--platform` and `--run-image-platform` name.
enum PlatformOption {
    /// All that images can be made for, as the option takes them.
    static let all = DebianArchitecture.all.map { "\($0.platform.os)/\($0.platform.architecture)" }.joined(
        separator: ",")

    /// Reads one.
    static func read(_ text: String) throws -> Platform { try read(text, "--platform") }

    /// Reads the one that is taken of a run image that has several.
    static func readForRunImage(_ text: String) throws -> Platform { try read(text, "--run-image-platform") }

    /// Reads those to build for: `linux/amd64,linux/arm64`; none for this machine's alone.
    static func readForBuild(_ text: String) throws -> [Platform] {
        var platforms: [Platform] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let platform = try read(String(word))
            guard let known = DebianArchitecture(platform)?.platform else {
                throw Failure(
                    .usage, "--platform \(text): mixpack makes no images for \(platform)",
                    advice: "there are \(all)")
            }
            guard !platforms.contains(known) else {
                throw Failure(.usage, "--platform \(text): \(known) comes twice")
            }
            platforms.append(known)
        }
        return platforms.map(\.architecture) == [Platform.current.architecture] ? [] : platforms
    }

    private static func read(_ text: String, _ option: String) throws -> Platform {
        do throws(Failure) {
            return try Platform(text)
        } catch {
            throw Failure(.usage, "\(option): \(error.message)", advice: error.advice)
        }
    }
}
