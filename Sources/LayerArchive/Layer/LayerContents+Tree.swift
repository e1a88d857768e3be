import SystemPackage

extension LayerContents {
    /// A folder on the disk, and where it goes.
    ///
    /// It is walked in lexical order, each folder before what is in it. Permission bits with setuid, setgid and sticky are
    /// kept, symbolic links are taken verbatim and not followed, sockets, pipes and devices are left out, hard links become
    /// files of their own, extended attributes are dropped.
    package struct Tree: Sendable {
        /// What a rule sees of a file.
        package struct File: Sendable, Hashable {
            /// The path below the folder; empty for the folder itself.
            package var path: String
            /// Folder, file or symbolic link.
            package var kind: TarEntry.Kind
            /// Its mode on the disk.
            package var mode: UInt16
        }

        /// Gives a file its mode in the layer; `nil` leaves it out, a folder with everything below it.
        package typealias Rule = @Sendable (File) -> UInt16?

        /// The folder on the disk.
        package var directory: FilePath
        /// The path of the folder in the image.
        package var path: String
        /// Whose everything is.
        package var owner: Owner
        /// Chooses files and sets their modes; `nil` takes all as they are.
        package var rule: Rule?

        /// Creates a tree; by default everything as it is.
        package init(_ directory: FilePath, at path: String, owner: Owner, rule: Rule? = nil) {
            self.directory = directory
            self.path = path
            self.owner = owner
            self.rule = rule
        }

        /// 777 for links, 755 for folders and files that their owner may execute, 644 for other files.
        package static let plainModes: Rule = { file in
            switch file.kind {
            case .symlink: 0o777
            case .file where file.mode & 0o100 == 0: 0o644
            default: 0o755
            }
        }
    }
}

extension LayerContents.Item {
    /// A folder on the disk with everything below it; by default as it is.
    package static func tree(
        _ directory: FilePath, at path: String, owner: Owner, rule: LayerContents.Tree.Rule? = nil
    ) -> LayerContents.Item {
        .tree(LayerContents.Tree(directory, at: path, owner: owner, rule: rule))
    }
}
