import Diagnostics
import SystemPackage

/// The name of an image: `[registry/]repository[:tag][@digest]`.
///
/// Follows the distribution project's reference grammar; `latest` stands in for a missing tag.
package struct Reference: Sendable, Hashable, CustomStringConvertible {
    /// The registry, where one is named, for example `localhost:5000`.
    package let registry: String?
    /// The repository, for example `library/debian`.
    package let repository: String
    /// The tag; `latest` where neither tag nor digest is given.
    package let tag: String?
    package let digest: Digest?

    /// Reads a name.
    /// - Throws: `Failure` that says which part is wrong and what is allowed there.
    package init(_ text: String) throws(Failure) {
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            digest = try Digest(String(rest[rest.index(after: at)...]))
            rest = rest[..<at]
        } else {
            digest = nil
        }
        let lastSlash = rest.lastIndex(of: "/")
        let tagStart = rest.lastIndex(of: ":").flatMap { colon in lastSlash.map { $0 < colon } ?? true ? colon : nil }
        if let tagStart {
            tag = try Self.tag(String(rest[rest.index(after: tagStart)...]), in: text)
            rest = rest[..<tagStart]
        } else {
            tag = digest == nil ? "latest" : nil
        }
        if let slash = rest.firstIndex(of: "/"), Self.isRegistry(rest[..<slash]) {
            registry = try Self.registry(String(rest[..<slash]), in: text)
            rest = rest[rest.index(after: slash)...]
        } else {
            registry = nil
        }
        repository = try Self.repository(String(rest), in: text)
    }

    /// Refuses a name that no new image can get: a digest follows from an image's content.
    /// - Throws: `Failure` of code `usage`.
    package func checkAsNew() throws(Failure) {
        guard digest != nil else { return }
        throw Failure(
            .usage, "\(self) names an image by its digest, which nobody can choose for a new one",
            advice: "leave the digest out: \(plain)")
    }

    /// The name as people write it; the tag is always there unless a digest stands alone.
    package var description: String { plain + (digest.map { "@" + $0.description } ?? "") }

    /// The same without the digest.
    package var plain: String { (registry.map { $0 + "/" } ?? "") + repository + (tag.map { ":" + $0 } ?? "") }

    /// The name as people type it: `shop:latest` where the whole one is `index.docker.io/library/shop:latest`.
    package var familiarName: String {
        let name = fullName
        let prefixes = [Self.defaultRegistry + "/library/", Self.defaultRegistry + "/"]
        return prefixes.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
    }

    private static func isRegistry(_ word: Substring) -> Bool {
        word == "localhost" || word.contains(".") || word.contains(":")
    }

    private static func registry(_ registry: String, in text: String) throws(Failure) -> String {
        let name = /[A-Za-z0-9]+(?:(?:\.|-+)[A-Za-z0-9]+)*(?::[0-9]{1,5})?/
        let address = /\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?/
        guard registry.wholeMatch(of: name) != nil || registry.wholeMatch(of: address) != nil else {
            throw Failure(.malformed, "image name \(text): \"\(registry)\" is not a host, with or without a port")
        }
        return registry
    }

    private static func tag(_ tag: String, in text: String) throws(Failure) -> String {
        let isFine = tag.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) != nil
        guard isFine else {
            throw Failure(.malformed, "image name \(text): the tag \"\(tag)\" may have only letters, digits and _ . -")
        }
        return tag
    }

    private static func repository(_ repository: String, in text: String) throws(Failure) -> String {
        let part = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        guard repository.utf8.count <= 255, parts.allSatisfy({ $0.wholeMatch(of: part) != nil }) else {
            throw Failure(
                .malformed,
                "image name \(text): the repository \"\(repository)\" may have only lower-case letters, digits and . _ - /",
                advice: "try \(suggestion(for: repository))")
        }
        return repository
    }

    private static func suggestion(for repository: String) -> String {
        // What stands behind a = may be a secret.
        let name = repository.prefix { $0 != "=" }.lowercased()
        let cleaned = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "/") ? $0 : "-" }
        let trimmed = String(cleaned).split(separator: "-").joined(separator: "-")
        return trimmed.isEmpty ? "my-image" : trimmed
    }

    /// The registry in the names that mixpack itself gives: `.invalid` leads nowhere, by
    /// [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.4), and no client tries it without TLS.
    package static let ownRegistry = "mixpack.invalid"

    /// Whether mixpack gave the name itself; `mixpack.local` was its registry before.
    package var isOwn: Bool { registry == Self.ownRegistry || registry == "mixpack.local" }

    /// The registry that is meant where none is named.
    static let defaultRegistry = "index.docker.io"

    /// The name with everything that is left out filled in: `busybox` is `index.docker.io/library/busybox:latest`.
    package var fullName: String {
        fullRepository + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The same as engines write it: `busybox` is `docker.io/library/busybox:latest`.
    ///
    /// containerd takes names as they are, and Kubernetes asks it for this one.
    package var engineName: String {
        let official = Self.defaultRegistry + "/"
        return fullName.hasPrefix(official) ? "docker.io/" + fullName.dropFirst(official.count) : fullName
    }

    /// Where the image stands below a folder of layouts: `<registry>/<repository>/<tag>` or `…/sha256/<hex>`.
    ///
    /// As the
    /// [CNB platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#map-an-image-reference-to-a-path-in-the-layout-directory),
    /// has it.
    package var layoutPath: FilePath {
        let folder = FilePath(fullRepository)
        guard let digest else { return folder.appending(tag ?? "latest") }
        return folder.appending("sha256").appending(digest.hex)
    }

    package var layoutTag: String { tag ?? "latest" }

    /// The name of the repository with everything that is left out filled in, without tag and digest.
    package var fullRepository: String {
        let named = registry ?? "docker.io"
        let registry = named == "docker.io" ? Self.defaultRegistry : named
        let isOfficial = registry == Self.defaultRegistry && !repository.contains("/")
        return "\(registry)/\(isOfficial ? "library/" : "")\(repository)"
    }
}
