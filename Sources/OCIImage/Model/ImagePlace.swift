import Diagnostics
import SystemPackage

/// A place where images stand, named as skopeo names it.
package enum ImagePlace: Sendable, Hashable, CustomStringConvertible {
    /// A folder in OCI layout: `oci:DIR[:TAG]`.
    case layout(FilePath, tag: String?)
    /// A tar of an OCI layout: `oci-archive:FILE`.
    case layoutArchive(FilePath)
    /// A tar as `docker save` writes it: `docker-archive:FILE`.
    case dockerArchive(FilePath)
    /// A container engine, Docker's or Podman's: `docker-daemon:NAME:TAG`.
    case engine(Reference)
    /// A registry: `docker://REF`.
    case registry(Reference)
    /// The machine's own image store.
    case store(Reference)

    /// Reads a place.
    /// - Throws: `Failure` that names the kinds of place there are.
    package init(_ text: String) throws(Failure) {
        guard let colon = text.firstIndex(of: ":") else { throw Self.unknown(text) }
        let rest = String(text[text.index(after: colon)...])
        guard !rest.isEmpty else { throw Self.unknown(text) }
        switch text[..<colon] {
        case "oci": self = Self.layout(rest)
        case "oci-archive": self = .layoutArchive(FilePath(rest))
        case "docker-archive": self = .dockerArchive(FilePath(rest))
        case "docker-daemon": self = .engine(try Reference(rest))
        case "docker" where rest.hasPrefix("//"): self = .registry(try Reference(String(rest.dropFirst(2))))
        default: throw Self.unknown(text)
        }
    }

    package var isRegistry: Bool { if case .registry = self { true } else { false } }

    /// The place as it is written on the command line.
    package var description: String {
        switch self {
        case .layout(let path, let tag): "oci:\(path)" + (tag.map { ":" + $0 } ?? "")
        case .layoutArchive(let path): "oci-archive:\(path)"
        case .dockerArchive(let path): "docker-archive:\(path)"
        case .engine(let reference): "docker-daemon:\(reference)"
        case .registry(let reference): "docker://\(reference)"
        case .store(let reference): "\(reference)"
        }
    }

    private static func layout(_ text: String) -> ImagePlace {
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("/"), colon != text.startIndex else {
            return .layout(FilePath(text), tag: nil)
        }
        return .layout(FilePath(String(text[..<colon])), tag: String(text[text.index(after: colon)...]))
    }

    private static func unknown(_ text: String) -> Failure {
        Failure(
            .malformed, "not an image place: \(text)",
            advice: "use oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:NAME:TAG or docker://REF")
    }
}
