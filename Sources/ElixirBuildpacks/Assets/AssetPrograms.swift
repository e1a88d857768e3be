import Files
import SystemPackage

/// The programs of esbuild, tailwind and dart_sass, which mix fetches into `_build`.
///
/// They outlive what is compiled anew, and a project that has run `mix assets.setup` brings its own, so that a build
/// needs no network for them.
struct AssetPrograms {
    /// The build's `_build`.
    let build: FilePath
    /// The folder that keeps them.
    let kept: FilePath
    /// The project's own `_build`.
    let own: FilePath

    private static let names = ["esbuild-", "tailwind-", "dart-sass", "sass-", "dart"]

    /// Puts what is known into `_build`, where it has none.
    func bring() throws {
        for source in [kept, own] {
            for name in Self.programs(in: source) where !build.appending(name).leadsSomewhere {
                try build.makeFolders()
                try source.appending(name).copyTree(to: build.appending(name))
            }
        }
    }

    /// Keeps what `_build` has now.
    func keep() {
        for name in Self.programs(in: build) {
            let place = kept.appending(name)
            let isSame = FileStamp(of: place)?.size == FileStamp(of: build.appending(name))?.size
            if place.leadsSomewhere, isSame { continue }
            try? kept.makeFolders()
            try? place.remove()
            try? build.appending(name).copyTree(to: place)
        }
    }

    private static func programs(in folder: FilePath) -> [String] {
        folder.names.filter { name in names.contains { name.hasPrefix($0) } }
    }
}
