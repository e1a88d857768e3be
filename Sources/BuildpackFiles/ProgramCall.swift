import BuildpackAPI
import Files
import SystemPackage

/// How one of a buildpack's programs was called.
package struct ProgramCall: Sendable {
    /// The program's path and its arguments.
    package var words: [String]
    package var environment: [String: String]
    /// The folder it was started in: the application's.
    package var workingDirectory: FilePath

    package init(words: [String], environment: [String: String], workingDirectory: FilePath) {
        self.words = words
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// The folder that holds every buildpack's layers; `nil` in detection, which has none.
    package var layersRoot: FilePath? {
        role == "build" && !layers.isEmpty ? layers.removingLastComponent() : nil
    }

    /// `detect` or `build`: the name that the program was called by.
    var role: String { words.first.flatMap { FilePath($0).lastComponent?.string } ?? "" }

    /// The buildpack's folder, with buildpack.toml and `bin`.
    var root: FilePath {
        place("CNB_BUILDPACK_DIR", else: FilePath(words.first ?? "").removingLastComponent().removingLastComponent())
    }

    var platform: FilePath { place("CNB_PLATFORM_DIR", else: argument(role == "detect" ? 1 : 2)) }

    /// The file of the plan that `bin/detect` writes or `bin/build` reads.
    var plan: FilePath {
        role == "detect"
            ? place("CNB_BUILD_PLAN_PATH", else: argument(2)) : place("CNB_BP_PLAN_PATH", else: argument(3))
    }

    var layers: FilePath { place("CNB_LAYERS_DIR", else: argument(1)) }

    /// The user's variables: one file each in the platform's folder.
    var platformVariables: [String: String] {
        let folder = platform.appending("env")
        let pairs = folder.names.compactMap { name in
            folder.appending(name).text.map { (name, $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// The names of those of the user's variables that hold secrets.
    var secretNames: Set<String> { Set(platformVariables.keys.filter(SecretName.isSecret)) }

    private func place(_ variable: String, else other: @autoclosure () -> FilePath) -> FilePath {
        environment[variable].flatMap { $0.isEmpty ? nil : FilePath($0) } ?? other()
    }

    private func argument(_ index: Int) -> FilePath { FilePath(index < words.count ? words[index] : "") }
}
