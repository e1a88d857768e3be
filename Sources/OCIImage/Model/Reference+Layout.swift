import SystemPackage

extension Reference {
    /// The registry that is meant where none is named.
    static let defaultRegistry = "index.docker.io"

    /// The name with everything that is left out filled in: `busybox` is `index.docker.io/library/busybox:latest`.
    package var fullName: String {
        "\(fullRegistry)/\(fullRepository)" + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The same as engines write it: `busybox` is `docker.io/library/busybox:latest`.
    ///
    /// containerd takes names as they are, and Kubernetes asks it for this one.
    package var engineName: String {
        let registry = fullRegistry == Self.defaultRegistry ? "docker.io" : fullRegistry
        return "\(registry)/\(fullRepository)" + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// Where the image stands below a folder of layouts: `<registry>/<repository>/<tag>` or `…/sha256/<hex>`.
    ///
    /// As the CNB platform specification, "Image layout", has it.
    package var layoutPath: FilePath {
        let folder = FilePath(fullRegistry).appending(fullRepository)
        guard let digest else { return folder.appending(tag ?? "latest") }
        return folder.appending("sha256").appending(digest.hex)
    }

    /// The tag within that layout.
    package var layoutTag: String { tag ?? "latest" }

    private var fullRegistry: String {
        registry.map { $0 == "docker.io" ? Self.defaultRegistry : $0 } ?? Self.defaultRegistry
    }

    private var fullRepository: String {
        fullRegistry == Self.defaultRegistry && !repository.contains("/") ? "library/" + repository : repository
    }
}
