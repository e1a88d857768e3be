import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Unpacks one folder below `/layers`, or another top folder, from a layer's tar.
///
/// A folder that is there keeps its mode; files get theirs exactly. Nothing is written through a link or outside.
struct LayerExtraction {
    let root: FilePath
    /// The folder that the tar may fill, such as `my.buildpack/layer`.
    let subject: [String]
    /// The folder of the tar that becomes `root`.
    let top: [String]
    /// Whether `./bin` is `bin`, as tar writes it for a folder that was named by a dot.
    let ignoresDots: Bool
    private var folders: [(path: FilePath, mode: UInt16)] = []
    private var known: Set<String> = []

    init(_ subject: [String], of top: [String] = ["layers"], into root: FilePath, ignoresDots: Bool = false) {
        self.ignoresDots = ignoresDots
        self.top = top
        self.root = root
        self.subject = subject
    }

    /// Unpacks every entry.
    /// - Throws: `Failure` for an entry that has no place, for a broken tar, and for a file that cannot be written.
    mutating func extract(_ input: ArchiveInput) throws {
        let reader = try TarReader(input)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            guard let place = try place(of: entry.path) else { continue }
            try makeParents(of: place)
            switch entry.kind {
            case .directory: if try make(place, 0o700) { folders.append((place, entry.mode)) }
            case .file: try write(reader, to: place, entry.mode)
            case .symlink(let target):
                try place.makeLink(to: target)
            case .hardLink, .special: throw Failure(.malformed, "\(entry.path) has a kind that layers cannot have")
            }
        }
        // Modes last, so that folders without write permission can be filled.
        for (folder, mode) in folders.reversed() { chmod(folder.nameBytes, mode_t(mode)) }
    }

    /// The place of a path; `nil` for the folders above the subject.
    private func place(of path: String) throws -> FilePath? {
        let parts = path.split(separator: "/").map(String.init).filter { !ignoresDots || $0 != "." }
        let above = top + subject
        guard !parts.contains(".."), !parts.contains(".") else { throw misplaced(path, above) }
        if parts.count < max(above.count, top.count + 1), above.starts(with: parts) { return nil }
        guard parts.starts(with: above) else { throw misplaced(path, above) }
        return parts.dropFirst(top.count).reduce(root) { $0.appending($1) }
    }

    private func misplaced(_ path: String, _ folder: [String]) -> Failure {
        Failure(.malformed, "\(path) is not in /\(folder.joined(separator: "/"))")
    }

    private mutating func makeParents(of place: FilePath) throws {
        let parent = place.removingLastComponent()
        guard parent != root, !known.contains(parent.string) else { return }
        try makeParents(of: parent)
        _ = try make(parent, 0o777)
        known.insert(parent.string)
    }

    /// Makes a folder; `false` where it is there already.
    private func make(_ folder: FilePath, _ mode: mode_t) throws -> Bool {
        switch folder.kind {
        case .folder: return false
        case .missing:
            guard mkdir(folder.nameBytes, mode) == 0 else { throw Failure.system(.unwritable, folder.string) }
            return true
        default: throw Failure(.malformed, "\(folder) is not a folder")
        }
    }

    private func write(_ reader: TarReader, to place: FilePath, _ mode: UInt16) throws {
        let sink = try FileSink(creating: place)
        try reader.copyContent(to: sink)
        chmod(place.nameBytes, mode_t(mode))
    }
}
