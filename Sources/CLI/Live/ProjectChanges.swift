import BuildpackAPI
import Files
import Glibc
import Lifecycle
import SystemPackage

/// Tells which file of a project was saved, by looking at their times once in a while.
///
/// What a build does not copy starts none: nor does what git ignores, or what an editor writes beside a file.
struct ProjectChanges: Sendable {
    private static let interval = Duration.milliseconds(400)

    /// Tells, again and again, a path relative to the project; several saves at once are told of once.
    /// - Parameter context: the folder around the project that is copied with it.
    func changes(of project: FilePath, _ context: SourceContext? = nil) -> AsyncStream<String> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                var before = ProjectFiles(of: project, context)
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.interval)
                    let now = ProjectFiles(of: project, context)
                    if let changed = now.change(since: before) { continuation.yield(changed) }
                    before = now
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}

/// The files of a project that matter to a build, as they are at one time.
struct ProjectFiles {
    /// What tells one state of a file from another.
    private struct State: Equatable {
        var size: Int64
        var modified: Int64
        var inode: UInt64
    }

    private let selection: SourceSelection
    private let ignored: [IgnorePattern]
    private var files: [String: State] = [:]

    /// Looks at them now.
    init(of project: FilePath, _ context: SourceContext? = nil) {
        let descriptor = (try? ProjectDescriptor(in: project)) ?? nil
        selection = SourceSelection(
            exclusions: descriptor?.exclusions ?? [], inclusions: descriptor?.inclusions ?? [], context: context)
        let root = selection.root(of: project)
        let lines = root.appending(".gitignore").text?.split(whereSeparator: \.isNewline) ?? []
        ignored = lines.compactMap { IgnorePattern(String($0)) }
        visit(root, relative: "")
    }

    /// A file that is other than it was, is new or is gone; of several the one that was written last.
    func change(since before: ProjectFiles) -> String? {
        let changed = files.filter { before.files[$0.key] != $0.value }
        if let newest = changed.max(by: { ($0.value.modified, $1.key) < ($1.value.modified, $0.key) }) {
            return newest.key
        }
        return before.files.keys.filter { files[$0] == nil }.min()
    }

    private mutating func visit(_ folder: FilePath, relative: String) {
        for name in folder.names {
            let path = relative.isEmpty ? name : relative + "/" + name
            guard let stamp = FileStamp(of: folder.appending(name)) else { continue }
            let isFolder = stamp.kind == .folder
            guard selection.includes(name: name, path: path, isFolder: isFolder), !isIgnored(name, path, isFolder)
            else { continue }
            if isFolder {
                visit(folder.appending(name), relative: path)
            } else {
                files[path] = State(size: stamp.size, modified: stamp.modified, inode: stamp.inode)
            }
        }
    }

    private func isIgnored(_ name: String, _ path: String, _ isFolder: Bool) -> Bool {
        if !isFolder, Self.isOfEditor(name) { return true }
        return ignored.last { $0.matches(path, isFolder: isFolder) }.map { !$0.isNegated } ?? false
    }

    /// Swap files and backups of Vim and Emacs, and the name by which Vim tries whether it may write.
    private static func isOfEditor(_ name: String) -> Bool {
        name.hasSuffix("~") || name.hasPrefix(".#") || (name.hasPrefix("#") && name.hasSuffix("#")) || name == "4913"
            || (name.hasPrefix(".") && [".swp", ".swo", ".swx"].contains { name.hasSuffix($0) })
    }
}
