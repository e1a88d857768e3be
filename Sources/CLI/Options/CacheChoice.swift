import Diagnostics
import SystemPackage

/// Where the caches of a build are, in the words of pack's `--cache`: `type=build;format=bind;source=DIR`.
struct CacheChoice: Equatable {
    /// The folder; `nil` is mixpack's own.
    var folder: String?
    /// Why a part of what was said is not needed.
    var notice: String?

    /// - Throws: `Failure` of code `usage`.
    init(_ text: String) throws(Failure) {
        var fields: [String: String] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, ["type", "format", "source", "name"].contains(pair[0]) else {
                throw Self.failure(text, "\(part) is not type=, format=, source= or name=")
            }
            fields[pair[0]] = pair[1]
        }
        let format = fields["format"] ?? "volume"
        switch fields["type"] ?? "build" {
        case "launch": notice = "--cache type=launch is not needed: layers of the image are kept in the image store"
        case "build": try setBuild(format, fields, text)
        case let type: throw Self.failure(text, "type=\(type) is neither build nor launch")
        }
    }

    private mutating func setBuild(_ format: String, _ fields: [String: String], _ text: String) throws(Failure) {
        switch format {
        case "bind":
            guard let source = fields["source"] else { throw Self.failure(text, "format=bind needs source=DIR") }
            folder = source
        case "volume":
            notice =
                "--cache format=volume is not needed: each project has a cache of its own; name a folder by format=bind"
        case "image":
            throw Failure(.usage, "--cache \(text): an image is no folder", advice: "name it by --cache-image REF")
        default: throw Self.failure(text, "format=\(format) is none of bind, volume and image")
        }
    }

    private static func failure(_ text: String, _ reason: String) -> Failure {
        Failure(
            .usage, "--cache \(text): \(reason)", advice: "for example --cache 'type=build;format=bind;source=DIR'")
    }
}
