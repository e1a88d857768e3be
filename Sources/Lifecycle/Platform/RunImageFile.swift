import Diagnostics
import OCIImage
import TOMLCoding

/// The run images that a builder names: run.toml, or before Platform API 0.12 stack.toml
/// ([CNB Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#runtoml-toml)).
struct RunImageFile: Hashable {
    /// A run image, and the other names that it has.
    struct Entry: Hashable {
        var image: String
        var mirrors: [String]

        /// All its names.
        var names: [String] { [image] + mirrors }
    }

    var images: [Entry]

    /// Reads either of the two files; which one it is, its tables say.
    init(_ root: TOMLTable) throws {
        let tables = try root.tables("images") + [try root.table("run-image")].compactMap(\.self)
        images = try tables.compactMap { table in
            let image = try table.string("image") ?? ""
            return image.isEmpty ? nil : Entry(image: image, mirrors: try table.strings("mirrors") ?? [])
        }
    }

    init(images: [Entry]) { self.images = images }

    /// The names of the first run image, in the order in which they are tried: those in the output's registry come first.
    ///
    /// What is no name is left out.
    func candidates(for output: Reference) -> [Reference] {
        let names = (images.first?.names ?? []).compactMap { try? Reference($0) }
        let near = names.filter { $0.fullRegistry == output.fullRegistry }
        return near + names.filter { $0.fullRegistry != output.fullRegistry }
    }

    /// The entry that a run image is of, else the first; `nil` where there is none.
    func entry(of image: Reference) -> Entry? {
        let wanted = RunImageName(image.description)
        return images.first { $0.names.contains { RunImageName($0) == wanted } } ?? images.first
    }
}
