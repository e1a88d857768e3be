import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage

extension CacheManifest {
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
