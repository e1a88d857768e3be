import BuildpackAPI
import Commands
import Diagnostics
import Files
import SystemPackage

/// The buildpacks that are in a builder, in its own order.
struct BuilderBuildpacks {
    let room: BuilderRoom
    let runner: any CommandRunner

    /// All of them, and the extensions.
    /// - Throws: `Failure` for one that the order needs and that cannot be read.
    func store() throws -> BuildpackStore {
        var (found, extensions) = ([DirectoryBuildpack](), [DirectoryBuildpack]())
        var broken: [String: Failure] = [:]
        for folder in folders(of: "/cnb/buildpacks") {
            do {
                found.append(try DirectoryBuildpack(folder, runner: runner, room: room))
            } catch let error as Failure {
                // A builder may have buildpacks from the future that this build does not use.
                broken[folder.removingLastComponent().lastComponent?.string ?? ""] = error
            }
        }
        for folder in folders(of: "/cnb/extensions") {
            // What cannot be read is missed where the order has it.
            guard let found = try? DirectoryBuildpack(folder, runner: runner, room: room, isExtension: true) else {
                continue
            }
            extensions.append(found)
        }
        let order = room.builder.order
        let known = Set(found.map(\.descriptor.id))
        for reference in order.joined() where !known.contains(reference.id) {
            if let failure = broken[ProjectCache.escaped(reference.id)] { throw failure }
        }
        return BuildpackStore(found + extensions, order: order)
    }

    /// The `<id>/<version>` folders.
    private func folders(of top: String) -> [FilePath] {
        let paths = RootPath(room.builder.root)
        func names(_ path: String) -> [String] { paths.place(of: path)?.names ?? [] }
        return names(top).flatMap { id in
            names("\(top)/\(id)").compactMap { paths.place(of: "\(top)/\(id)/\($0)") }.filter { $0.kind == .folder }
        }
    }
}
