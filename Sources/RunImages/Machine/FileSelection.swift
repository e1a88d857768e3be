import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Files of the machine that go into an image at the paths they have here, with the links that lead to them.
struct FileSelection {
    /// What goes in at a path.
    enum Item: Equatable {
        case folder
        case link(String)
        case file(FilePath, isProgram: Bool)
    }

    /// What goes in, by path.
    private(set) var items: [String: Item] = [:]
    /// Files that stay out and yet decide what goes in.
    private var deciding: Set<String> = []
    private let search: LibrarySearch
    private var examined: Set<String> = []

    init(search: LibrarySearch) { self.search = search }

    /// Adds a file, the links on its way, and the libraries it needs.
    /// - Throws: `Failure` when it or one of its libraries is not there.
    mutating func add(_ path: FilePath) throws(Failure) {
        let place = try addLinks(to: path, depth: 0)
        guard examined.insert(place.string).inserted else { return }
        guard let file = try ElfFile(at: place) else { return }
        if let interpreter = file.interpreter { try add(FilePath(interpreter)) }
        for soname in file.needed {
            guard let library = search.find(soname, for: file, at: place) else {
                throw Failure(
                    .notFound, "\(place) needs \(soname), which is not on this machine", advice: "install its package")
            }
            try add(library)
        }
    }

    mutating func addIfThere(_ path: FilePath) throws(Failure) {
        if access(path.nameBytes, R_OK) == 0 { try add(path) }
    }

    /// Adds the libraries that a file opens by name, where the machine has them; the file does without the others.
    ///
    /// A library that is installed later changes the selection, so the places where it is looked for are watched.
    mutating func addOpened(by path: FilePath) throws(Failure) {
        guard let file = try ElfFile(at: path) else { return }
        for soname in file.opened {
            let places = search.places(of: soname, for: file, at: path)
            guard let library = search.find(soname, for: file, at: path) else {
                watch(places.map(\.string))
                continue
            }
            var extended = self
            // A library that lacks one of its own is of no use to the file either.
            guard (try? extended.add(library)) != nil else { continue }
            self = extended
        }
    }

    mutating func addFolder(_ path: FilePath) throws(Failure) {
        for name in path.names {
            let child = path.appending(name)
            if child.kind == .folder { try addFolder(child) } else { try addIfThere(child) }
        }
    }

    /// Notes files that stay out and yet decide what goes in: when they change, the selection may.
    mutating func watch(_ paths: [String]) { deciding.formUnion(paths) }

    /// The files and links that the selection follows from, sorted: the ones taken and the ones watched.
    var fingerprinted: [String] { deciding.union(sources).sorted() }

    /// The machine's files and links that were taken, sorted.
    var sources: [String] { items.filter { $0.value != .folder }.keys.sorted() }

    /// The files, and the links to files.
    ///
    /// Of those one package is the owner; `/bin` is a link on most machines, and all packages have `/usr/bin`.
    var ownedPaths: [String] { sources.filter { FilePath($0).isFile } }

    /// Follows a path link by link, noting each, and returns where the file really is.
    private mutating func addLinks(to path: FilePath, depth: Int) throws(Failure) -> FilePath {
        guard depth < 40 else { throw Failure(.notFound, "\(path): too many links") }
        var place: FilePath = "/"
        var rest = Array(path.lexicallyNormalized().components)[...]
        while let part = rest.popFirst() {
            let next = place.appending(part)
            switch next.kind {
            case .link:
                let target = next.linkTarget ?? ""
                items[next.string] = .link(target)
                let aim = place.pushing(FilePath(target)).appending(rest)
                return try addLinks(to: aim, depth: depth + 1)
            case .folder: items[next.string] = .folder
            case .file: items[next.string] = .file(next, isProgram: access(next.nameBytes, X_OK) == 0)
            case .missing, .other: throw Failure(.notFound, "\(next) is not on this machine")
            }
            place = next
        }
        return place
    }
}
