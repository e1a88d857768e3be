import Files
import SystemPackage

/// The manifest of digested assets that a Phoenix endpoint is configured to read.
package struct CacheManifest {
    package struct Mention: Hashable {
        package var file: String
        package var line: Int
        package var path: String
    }

    private let project: FilePath
    private let configFolder: String

    /// - Parameter configFolder: the folder of its configuration, relative to the project's.
    package init(project: FilePath, configFolder: String) {
        self.project = project
        self.configFolder = configFolder
    }

    /// The places of the configuration of a release that name one.
    package var mentions: [Mention] {
        ["config.exs", "prod.exs", "runtime.exs"].flatMap { name -> [Mention] in
            let file = "\(configFolder)/\(name)"
            let text = project.appending(file).text ?? ""
            return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
                .compactMap { index, line in
                    guard !line.drop(while: \.isWhitespace).hasPrefix("#"),
                        let match = line.firstMatch(of: /cache_static_manifest:\s*"([^"]+)"/)
                    else { return nil }
                    return Mention(file: file, line: index + 1, path: String(match.1))
                }
        }
    }
}
