import Console
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// A file of a layer that is a folder on the machine.
struct LocalFile {
    private let path: FilePath

    /// Takes the layer's folder and the path in it; a path that leaves the folder stays inside.
    init(_ folder: String, _ path: String) {
        self.path = FilePath(folder).appending(FilePath(path).lexicallyNormalized().components)
    }

    /// Its bytes.
    /// - Throws: `Failure` when it cannot be read or has more than `limit`.
    func bytes(limit: Int) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path.string) else {
            throw Failure(.refused, "cannot read \(path)", advice: "a later build may have removed it: build again")
        }
        guard data.count <= limit else {
            throw Failure(
                .refused,
                "\(path) has \(data.count) bytes, too many to show", advice: "x extracts it")
        }
        return Array(data)
    }

    /// Copies it to a new file.
    func copy(to target: FilePath) throws {
        do {
            try FileManager.default.copyItem(atPath: path.string, toPath: target.string)
        } catch {
            throw Failure(
                .refused,
                "cannot copy \(path) to \(target)", advice: "check the free space and the permissions of the folder")
        }
    }
}

/// A name that no file of a folder has yet.
struct FreeName {
    let path: FilePath

    /// Takes the name, or the name with a number where there is such a file.
    init(_ name: String, in folder: FilePath) throws {
        let stem = FilePath(name).stem ?? name
        let ending = FilePath(name).extension.map { "." + $0 } ?? ""
        let free = (0..<1000).lazy.map { folder.appending($0 == 0 ? name : "\(stem)-\($0)\(ending)") }
            .first { !FileManager.default.fileExists(atPath: $0.string) }
        guard let free else {
            throw Failure(
                .refused,
                "\(folder) has too many files called \(name)", advice: "remove some, or start mixpack in another folder"
            )
        }
        path = free
    }
}

extension Machine {
    /// `$XDG_STATE_HOME/mixpack/saved`: logs, reports and files of images that the user saves.
    var savedFiles: FilePath { state.appending("saved") }

    /// A path of a file that is not there yet, for what the user asked for; the folder for saved files is made.
    func newFile(_ asked: FilePath) throws -> FilePath {
        let path = currentDirectory.pushing(asked).lexicallyNormalized()
        guard let name = path.lastComponent?.string else {
            throw Failure(.refused, "\(path) is not the name of a file")
        }
        let folder = path.removingLastComponent()
        if folder == savedFiles { try folder.makeFolders() }
        return try FreeName(name, in: folder).path
    }
}
