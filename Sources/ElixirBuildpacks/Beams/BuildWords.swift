import Diagnostics
import Digests
import Files
import SystemPackage

/// The files of words that `mixpack_beams` reads in each VM of a build.
///
/// Words are sorted, so that an edit that adds or removes one leaves the order of the others as it was.
struct BuildWords {
    /// The home folder of the build.
    let home: FilePath
    let beams: RepeatableBeams.Helper?

    /// Writes those of a project and, unless they are known for the same mix.lock, those of its dependencies.
    /// - Parameters:
    ///   - tree: what was copied: the project, or the context around it.
    ///   - lock: the project's lock file.
    func write(tree: FilePath, project copy: FilePath, lock: FilePath, keptIn cache: FilePath) throws {
        guard beams?.needsWords == true else { return }
        var own = CodeWords()
        Self.add(tree, above: copy, to: &own)
        try put(own.lines, Self.own)
        let stamp = cache.appending("words.stamp")
        let state = try MessageDigest.hex(of: (lock.text ?? "").utf8)
        guard stamp.text != state || !home.appending(Self.dependencies).isFile else { return }
        try write(dependencies: copy.appending("deps"))
        try stamp.replace(with: state.utf8)
    }

    /// Takes a folder without what mix made in it, or in the project's folder in it.
    private static func add(_ folder: FilePath, above copy: FilePath, to words: inout CodeWords) {
        for name in folder.names where !["_build", "deps", ".git"].contains(name) {
            let place = folder.appending(name)
            if copy != folder, copy.starts(with: place) {
                add(place, above: copy, to: &words)
            } else {
                words.add(place)
            }
        }
    }

    /// Writes those of dependencies.
    func write(dependencies folder: FilePath) throws {
        guard beams?.needsWords == true else { return }
        var words = CodeWords()
        words.add(folder)
        try put(words.lines, Self.dependencies)
    }

    static let own = "mixpack.words"
    static let dependencies = "mixpack.dependency-words"

    private func put(_ lines: String, _ name: String) throws(Failure) {
        let file = home.appending(name)
        try file.removeLinks(below: home)
        try file.replace(with: lines.utf8)
    }
}
