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
    func write(project copy: FilePath, keptIn cache: FilePath) throws {
        guard beams?.needsWords == true else { return }
        var own = CodeWords()
        for name in copy.names where name != "_build" && name != "deps" { own.add(copy.appending(name)) }
        try put(own.lines, Self.own)
        let stamp = cache.appending("words.stamp")
        let state = try MessageDigest.hex(of: (copy.appending("mix.lock").text ?? "").utf8)
        guard stamp.text != state || !home.appending(Self.dependencies).isFile else { return }
        try write(dependencies: copy.appending("deps"))
        try stamp.replace(with: state.utf8)
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
