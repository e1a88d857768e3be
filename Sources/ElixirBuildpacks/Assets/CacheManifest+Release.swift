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

    /// Gives the entries of every manifest in a release the same time: phx.digest writes when it ran, and only
    /// `mix phx.digest.clean` reads that.
    func settleTimes(in release: FilePath) throws {
        let paths = Set(mentions.map(\.path) + ["priv/static/cache_manifest.json"])
        for application in release.appending("lib").names {
            for path in paths {
                let file = release.appending("lib").appending(application).appending(path)
                guard file.kind == .file, let text = file.text, let stamp = FileStamp(of: file) else { continue }
                let settled = text.replacing(/"mtime":\s*\d+/, with: "\"mtime\":\(Self.settledTime)")
                if settled != text {
                    try file.replace(with: settled.utf8, mode: FilePermissions(rawValue: CModeT(stamp.permissions)))
                }
            }
        }
    }

    /// 1980-01-01, in seconds since the year 0, as Phoenix counts.
    private static let settledTime = 62_482_752_000
}
