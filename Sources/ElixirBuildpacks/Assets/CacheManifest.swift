import BuildpackAPI
import Diagnostics
import Files
import SystemPackage

/// The manifest of digested assets that a Phoenix endpoint is configured to read: whether a release has it.
struct CacheManifest {
    struct Mention: Hashable {
        var file: String
        var line: Int
        var path: String
    }

    let project: FilePath

    /// The places of the configuration of a release that name one.
    var mentions: [Mention] {
        ["config/config.exs", "config/prod.exs", "config/runtime.exs"].flatMap { file -> [Mention] in
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

    /// What is wrong with a release: a warning for each manifest that none of its applications has.
    func findings(in release: FilePath) -> [Diagnostic] {
        let libraries = release.appending("lib")
        let applications = libraries.names
        return mentions.filter { mention in
            !applications.contains { libraries.appending($0).appending(mention.path).leadsSomewhere }
        }
        .map { mention in
            Diagnostic(
                .warning,
                "this configuration names \(mention.path), which the release does not have: assets were not digested",
                file: mention.file, line: mention.line,
                advice: "end the alias assets.deploy with phx.digest, or remove cache_static_manifest")
        }
    }
}
