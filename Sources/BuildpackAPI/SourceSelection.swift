import Files
import SystemPackage

/// Which files of a project go into its build.
///
/// Left out unless a pattern takes them: folders of editors and language servers anywhere (`.idea`, `.elixir_ls`); `cover`,
/// `doc` and `tmp` of the project and of its umbrella children, or of any mix project in the context.
/// Left out in any case: `.git`, `node_modules`, `.direnv`, `.devenv` and `.venv` anywhere; `_build` and `deps` of the project and of
/// its umbrella children, or of any mix project in the context; files named `.env*`, `*.pem` or `*.key` anywhere; and what the user excludes.
package struct SourceSelection: Sendable, Hashable {
    /// Paths relative to the project's folder, or bare names, that the user leaves out.
    package var excluded: Set<String>
    /// Patterns of what the user leaves out, as in a .gitignore file; the last that matches counts.
    package var exclusions: [IgnorePattern]
    /// Patterns of what the user takes, as in a .gitignore file; none takes everything.
    package var inclusions: [IgnorePattern]
    /// Folders and files outside the project that its links may lead to: absolute, links followed.
    package var openedPaths: [FilePath]
    /// The folder around the project that is copied with it; `nil` copies the project alone.
    package var context: SourceContext?

    package init(
        excluded: Set<String> = [], exclusions: [IgnorePattern] = [], inclusions: [IgnorePattern] = [],
        openedPaths: [FilePath] = [], context: SourceContext? = nil
    ) {
        self.excluded = excluded
        self.exclusions = exclusions
        self.inclusions = inclusions
        self.openedPaths = openedPaths
        self.context = context
    }

    /// The folder that is copied for a project, links followed.
    package func root(of project: FilePath) -> FilePath { context?.folder ?? project.realPath ?? project }

    /// Whether a file or folder takes part; a folder that does not is not looked into.
    ///
    /// Where the user says what to take, every folder is looked into.
    /// - Parameters:
    ///   - name: its own name.
    ///   - path: its path relative to the folder that is copied, without a leading slash.
    ///   - isFolder: whether it is a folder.
    package func includes(name: String, path: String, isFolder: Bool) -> Bool {
        if Self.isOfTool(name) || Self.isKeptFromBuilds(name) { return false }
        guard let context else { return includesOwn(name: name, path: path, isFolder: isFolder) }
        if name == "_build" || name == "deps", context.isMixProject(path.dropLast(name.utf8.count)) { return false }
        let isOfProject = path.hasPrefix(context.path + "/")
        if isFolder, !isOfProject, context.isUsuallyLeftOut(name, path) { return false }
        // What leads to the project is there whatever a pattern says.
        if context.path == path || context.path.hasPrefix(path + "/") { return true }
        if IgnorePattern.decision(context.exclusions, path, isFolder: isFolder) == true { return false }
        guard isOfProject else { return true }
        return includesOwn(
            name: name, path: String(path.dropFirst(context.path.count + 1)), isFolder: isFolder)
    }

    /// Whether the user says by patterns what takes part.
    var hasPatterns: Bool {
        !exclusions.isEmpty || !inclusions.isEmpty || !(context?.exclusions.isEmpty ?? true)
    }

    /// Whether what the project says itself lets a file or folder of it take part.
    private func includesOwn(name: String, path: String, isFolder: Bool) -> Bool {
        if (name == "_build" || name == "deps") && Self.isApplicationLevel(path) { return false }
        if isFolder, Self.isUsuallyLeftOut(name, path), !isAskedFor(name, path) { return false }
        if !excluded.isEmpty, excluded.contains(path) || excluded.contains(name) { return false }
        if !exclusions.isEmpty, IgnorePattern.decision(exclusions, path, isFolder: isFolder) == true { return false }
        return inclusions.isEmpty || isFolder || isTaken(path)
    }

    /// The folders that are left out although a pattern could take them.
    ///
    /// Looked for in the project and its umbrella children, and in a context and the mix projects of its first two levels.
    /// - Returns: paths relative to the project, those of a context after its own.
    package func leftOut(of project: FilePath) -> [String] {
        let children = Self.folders(of: project, "apps/")
        let own = Self.folders(of: project, places: [""] + children) { path, name in
            Self.isUsuallyLeftOut(name, path) && !isAskedFor(name, path)
        }
        guard let context else { return own }
        let first = Self.folders(of: context.folder, "")
        let second = first.flatMap { Self.folders(of: context.folder, $0) }
        let projects = (first + second).filter { context.isMixProject($0[...]) && $0 != context.path + "/" }
        let around = Self.folders(of: context.folder, places: [""] + projects) { path, name in
            context.isUsuallyLeftOut(name, path)
        }
        return own + around.map(context.fromProject)
    }

    /// The folders in a folder, with a slash at the end.
    /// - Parameter place: where they are, relative to `root`, with a slash at the end; `""` is `root`.
    private static func folders(of root: FilePath, _ place: String) -> [String] {
        root.pushing(FilePath(place)).names.map { place + $0 + "/" }.filter { root.appending($0).isFolder }
    }

    /// The folders at some places that are meant.
    private static func folders(
        of root: FilePath, places: [String], _ isMeant: (_ path: String, _ name: String) -> Bool
    ) -> [String] {
        places.flatMap { place in
            root.pushing(FilePath(place)).names.filter {
                isMeant(place + $0, $0) && root.appending(place + $0).isFolder
            }.map { place + $0 }
        }
    }

    private static func isUsuallyLeftOut(_ name: String, _ path: String) -> Bool {
        isOfEditor(name) || (made.contains(name) && isApplicationLevel(path))
    }

    /// Whether a pattern says that a folder takes part: `exclude = ["!doc"]`, or `include` with its name.
    private func isAskedFor(_ name: String, _ path: String) -> Bool {
        IgnorePattern.decision(exclusions, path, isFolder: true) == false
            || IgnorePattern.decision(inclusions, path, isFolder: true) == true
            || inclusions.contains { $0.text.split(separator: "/").contains { $0 == name } }
    }

    static func isOfEditor(_ name: String) -> Bool { editors.contains(name) }

    private static let editors: Set<String> = [
        ".elixir_ls", ".elixir-ls", ".lexical", ".expert", ".next-ls", ".elixir-tools", ".idea", ".vscode", ".zed",
        ".fleet", ".vs", ".nova",
    ]
    /// What mix and its tasks make, and scratch folders.
    static let made: Set<String> = ["cover", "doc", "tmp"]

    /// Whether a file of this name is kept from builds wherever it is: keys, and settings of the developer's own.
    package static func isKeptFromBuilds(_ name: String) -> Bool {
        // By bytes: comparing characters from the end costs more than the rest of a look at a file.
        let bytes = name.utf8
        if bytes.starts(with: ".env".utf8) { return true }
        let end = bytes.suffix(4)
        return end.elementsEqual(".pem".utf8) || end.elementsEqual(".key".utf8)
    }

    private static func isOfTool(_ name: String) -> Bool {
        // All begin so; asking the set costs more than a look at a file.
        guard let first = name.utf8.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "n") else {
            return false
        }
        return tools.contains(name)
    }

    /// Folders of other tools, full of links out of the project.
    private static let tools: Set<String> = [".git", "node_modules", ".direnv", ".devenv", ".venv"]

    /// Whether a file, or one of the folders above it, is among those that are taken.
    private func isTaken(_ path: String) -> Bool {
        if let decision = IgnorePattern.decision(inclusions, path, isFolder: false) { return decision }
        let above = path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
        return above.reversed().lazy.compactMap { IgnorePattern.decision(inclusions, $0, isFolder: true) }.first
            ?? false
    }

    private static func isApplicationLevel(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == 1 || (parts.count == 3 && parts[0] == "apps")
    }
}
