import Files
import SystemPackage

/// The user's variables as a platform gives them: `<platform>/env/NAME`, each file's bytes are the value
/// ([CNB Platform specification, User-Provided Variables](https://github.com/buildpacks/spec/blob/main/platform.md#user-provided-variables)).
struct PlatformVariables {
    let variables: [PlatformVariable]

    /// Reads the folder; none is no variables.
    ///
    /// Folders in it are passed over, links to files are followed.
    init(in platform: FilePath) throws {
        let folder = platform.appending("env")
        variables = try folder.names.sorted().compactMap { name in
            let file = folder.appending(name)
            guard file.leadsSomewhere, !file.isFolder else { return nil }
            return PlatformVariable(name: name, value: String(decoding: try file.bytes(), as: UTF8.self))
        }
    }
}
