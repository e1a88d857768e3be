import OCIImage
import SystemPackage

/// How an image's labels name its run image: as every tool reads names, without a kind of place and without a path
/// ([CNB Platform specification, Labels](https://github.com/buildpacks/spec/blob/main/platform.md#labels)).
struct RunImageNames: Hashable {
    /// A plain name, such as `debian:12`.
    let image: String
    /// What is this very image: `repository@sha256:…`; of an engine's image its ID.
    let reference: String
    /// More names by which it can be had.
    let mirrors: [String]

    init(of runImage: PlatformServices.RunImage) {
        guard let named = runImage.named else {
            self.init(placeOf: runImage)
            return
        }
        self.init(image: named.image, reference: RunImageNames(placeOf: runImage).reference, mirrors: named.mirrors)
    }

    private init(image: String, reference: String, mirrors: [String]) {
        self.image = image
        self.reference = reference
        self.mirrors = mirrors
    }

    private init(placeOf runImage: PlatformServices.RunImage) {
        if let published = runImage.published, let name = published.names.first {
            image = name.description
            reference = "\(name.fullRepository)@\(published.digest)"
            mirrors = published.names.dropFirst().map(\.description)
            return
        }
        (image, reference) = Self.names(of: runImage)
        mirrors = []
    }

    /// What a place calls the image.
    private static func names(of runImage: PlatformServices.RunImage) -> (image: String, reference: String) {
        let digest = runImage.image.digest
        switch runImage.place {
        case .registry(let name), .store(let name):
            return (name.description, "\(name.fullRepository)@\(digest)")
        case .engine(let name): return (name.description, runImage.image.id.description)
        case .layout(let path, let tag):
            let repository = repository(of: path)
            return ("\(repository):\(tag ?? "latest")", "\(repository)@\(digest)")
        case .layoutArchive(let path), .dockerArchive(let path):
            let repository = repository(of: path)
            return ("\(repository):latest", "\(repository)@\(digest)")
        }
    }

    /// A file has no name that others could pull it by; its own, without its folders, tells people which one it was.
    private static func repository(of path: FilePath) -> String {
        let words = (path.lastComponent?.stem ?? "").lowercased().split {
            !($0.isASCII && ($0.isLetter || $0.isNumber))
        }
        return RunImageName.fileRepository + (words.isEmpty ? "image" : words.joined(separator: "-"))
    }
}

/// A run image's name, made comparable: with registry and tag, without digest.
struct RunImageName: Hashable {
    private let text: String

    /// What the names of run images begin with that were read from a file.
    static let fileRepository = Reference.ownRegistry + "/file/"
    /// Stands for all run images made from a machine; their tags tell the machine's state.
    private static let machine = Reference.ownRegistry + "/run-image"

    /// Reads a name; images made before have the kind of place in front of it.
    init(_ name: String) {
        guard let reference = Self.reference(name) else {
            text = name
            return
        }
        let isOfMachine = OwnImage(reference) == .runImage
        text = isOfMachine ? Self.machine : "\(reference.fullRepository):\(reference.layoutTag)"
    }

    /// Whether the image was made from a machine.
    var isOfMachine: Bool { text == Self.machine }
    /// Whether the image was a file, which nobody can pull.
    var isOfFile: Bool { text.hasPrefix(Self.fileRepository) }

    private static func reference(_ name: String) -> Reference? {
        let schemes = ["docker://", "docker-daemon:"]
        let plain = schemes.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
        return try? Reference(plain)
    }
}
