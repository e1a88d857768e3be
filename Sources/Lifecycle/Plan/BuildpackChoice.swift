import BuildpackAPI
import Files
import OCIImage
import SystemPackage

/// One of the buildpacks that a build is asked to use (`-b`, project.toml).
package enum BuildpackChoice: Sendable, Hashable {
    /// A folder with buildpack.toml.
    case folder(FilePath)
    /// A buildpackage: an image or an archive of one.
    case image(ImagePlace)
    /// A tar of such a folder: a path, or what an https URL leads to.
    case archive(String)
    /// The built-in order (`from=builder`).
    case builder
    /// mixpack's own, whatever the builder is (`from=mixpack`): in a builder's files they run as packaged ones.
    case own
    /// One that is built in or given as a folder, by its id.
    case named(BuildpackReference)
    /// A script of project.toml.
    case script(InlineScript)

    /// The folder or archive of this machine that it is in.
    var machinePath: FilePath? {
        switch self {
        case .folder(let path), .image(.layout(let path, tag: _)), .image(.layoutArchive(let path)),
            .image(.dockerArchive(let path)):
            path
        case .archive(let name): name.hasPrefix("https://") ? nil : FilePath(name)
        case .image, .builder, .own, .named, .script: nil
        }
    }

    /// Whether a name is that of a tar that may be a buildpack.
    package static func isArchive(_ name: String) -> Bool {
        [".tgz", ".tar.gz", ".tar", ".tar.zst", ".tar.xz"].contains(where: name.hasSuffix)
    }

    /// Why a URI is none that mixpack can use, and what to use; `nil` for a path.
    package static func problem(ofURI uri: String) -> String? {
        if uri.hasPrefix("urn:cnb:registry") {
            return "mixpack reads no index of buildpacks; name the image that the index names: docker://REF"
        }
        if uri.hasPrefix("http://") { return "mixpack fetches buildpacks over https only" }
        guard uri.contains("://") || uri.hasPrefix("urn:") else { return nil }
        return
            "use a folder, FILE.cnb, FILE.tgz, https://…tgz, an image place, urn:cnb:builder:ID, from=builder or from=mixpack"
    }

    /// Reads what `-b` gives: `from=builder`, `from=mixpack`, a folder or a tar of one, a buildpackage, or the id of a buildpack with or without
    /// `@version`.
    ///
    /// What has a slash at its beginning, a dot there, or a folder of that name is a folder; `FILE.cnb` and image places
    /// are buildpackages. An id that no buildpack has may turn out to be a buildpackage's name in a registry.
    package init(_ text: String) {
        let prefixes = ["from=builder:", "urn:cnb:builder:", "file://"]
        let prefix = prefixes.first(where: text.hasPrefix) ?? ""
        let name = String(text.dropFirst(prefix.count))
        if name == "from=builder" {
            self = .builder
        } else if name == "from=mixpack" {
            self = .own
        } else if name.hasPrefix("https://") || (Self.isArchive(name) && !FilePath(name).isFolder) {
            self = .archive(name)
        } else if name.hasSuffix(".cnb"), !FilePath(name).isFolder {
            self = .image((try? ImagePlace(name)) ?? .layoutArchive(FilePath(name)))
        } else if let place = try? ImagePlace(name) {
            self = .image(place)
        } else if name.hasPrefix("/") || name.hasPrefix(".") || FilePath(name).isFolder {
            self = .folder(FilePath(name))
        } else {
            let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
            self = .named(BuildpackReference(id: parts.first ?? name, version: parts.count == 2 ? parts[1] : nil))
        }
    }
}

/// A buildpack that is only a script, run in the build (project descriptor, `[io.buildpacks.group.script]`).
package struct InlineScript: Sendable, Hashable {
    package var id: String
    package var version: String = "0.0.0"
    package var api: String
    package var inline: String
    package var shell: String = "/bin/sh"
}
