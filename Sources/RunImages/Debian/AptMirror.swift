import Diagnostics
import Files
import SystemPackage

/// The servers of Debian's packages that this machine takes its own from.
struct AptMirror: Sendable, Hashable {
    /// The archive, such as `http://deb.debian.org/debian`.
    let archive: String
    /// The archive of security updates; `nil` if the machine names none.
    let security: String?

    /// Reads apt's sources below a folder.
    /// - Throws: `Failure` of code `unsupported` if none of them is Debian's.
    init(folder: FilePath = "/etc/apt") throws(Failure) {
        let parts = folder.appending("sources.list.d")
        let lists = [folder.appending("sources.list")] + parts.names.map { parts.appending($0) }
        let sources = lists.flatMap { file in
            file.extension == "sources" ? AptSource.paragraphs(file.text ?? "") : AptSource.lines(file.text ?? "")
        }.filter { $0.components.contains("main") && !$0.uri.contains("@") }
        let archives = sources.filter { $0.isDebian && !$0.isSecurity }
        guard let archive = archives.first(where: \.isNamedDebian) ?? archives.first else {
            throw Failure(
                .unsupported, "this machine takes no packages from a mirror of Debian",
                advice: "name a build image and a run image with --build-image and --run-image")
        }
        self.archive = archive.uri
        security = sources.first { $0.isDebian && $0.isSecurity }?.uri
    }

    /// The lines of sources.list for a suite, with the key that everything has to be signed with.
    func lines(_ suite: DebianSuite, keyring: FilePath) -> [String] {
        let options = "[signed-by=\(keyring)]"
        let updates = security.map { "deb \(options) \($0) \(suite)-security main" }
        return ["deb \(options) \(archive) \(suite) main", "deb \(options) \(archive) \(suite)-updates main"]
            + [updates].compactMap(\.self)
    }
}

/// One source of packages, as apt's two kinds of files describe it.
private struct AptSource {
    let uri: String
    let suites: [String]
    let components: [String]

    private static let releases = ["bullseye", "bookworm", "trixie", "forky", "stable", "testing", "sid", "unstable"]

    /// Whether it has a release of Debian.
    var isDebian: Bool {
        let own = ["", "-updates", "-security", "-backports"]
        let known = Self.releases.flatMap { release in own.map { release + $0 } }
        return suites.contains(where: known.contains) && uri.contains(":/")
    }
    var isSecurity: Bool { suites.contains { $0.hasSuffix("-security") } }
    var isNamedDebian: Bool { uri.hasSuffix("/debian") || uri.hasSuffix("/debian/") }

    /// The form of `*.sources`.
    static func paragraphs(_ text: String) -> [AptSource] {
        var sources: [AptSource] = []
        for paragraph in text.split(separator: "\n\n") {
            var fields: [String: [String]] = [:]
            for line in paragraph.split(separator: "\n") where line.first != "#" && line.first != " " {
                guard let colon = line.firstIndex(of: ":") else { continue }
                fields[line[..<colon].lowercased()] = words(line[line.index(after: colon)...])
            }
            guard fields["types"]?.contains("deb") == true, fields["enabled"] != ["no"] else { continue }
            for uri in fields["uris"] ?? [] {
                sources.append(
                    AptSource(uri: uri, suites: fields["suites"] ?? [], components: fields["components"] ?? []))
            }
        }
        return sources
    }

    /// The form of `sources.list`: `deb [options] URI SUITE COMPONENT...`.
    static func lines(_ text: String) -> [AptSource] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("deb ") || line.hasPrefix("deb\t") else { return nil }
            var rest = line.dropFirst(3).drop { $0 == " " || $0 == "\t" }
            if rest.first == "[", let end = rest.firstIndex(of: "]") { rest = rest[rest.index(after: end)...] }
            let words = words(rest.prefix { $0 != "#" })
            guard words.count > 1 else { return nil }
            return AptSource(uri: words[0], suites: [words[1]], components: Array(words.dropFirst(2)))
        }
    }

    private static func words(_ text: Substring) -> [String] {
        text.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
}
