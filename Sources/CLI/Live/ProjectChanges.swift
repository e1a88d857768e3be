import BuildpackAPI
import Files
import Glibc
import SystemPackage

/// Tells that files of a project were saved, by looking at their times once in a while.
struct ProjectChanges: Sendable {
    private static let interval = Duration.milliseconds(400)

    /// Tells, again and again; several saves at once are told of once.
    /// - Parameter context: the folder around the project that is copied with it.
    func changes(of project: FilePath, _ context: SourceContext? = nil) -> AsyncStream<Void> {
        let selection = SourceSelection(context: context)
        let folder = selection.root(of: project)
        return changes(in: folder, selection)
    }

    private func changes(in project: FilePath, _ selection: SourceSelection) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                var before = Self.newest(in: project, selection)
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.interval)
                    let now = Self.newest(in: project, selection)
                    if now != before { continuation.yield() }
                    before = now
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// What tells one state of the files from another: how many there are, and the newest time.
    private struct State: Equatable {
        var count = 0
        var newest: Int64 = 0
    }

    private static func newest(in folder: FilePath, _ selection: SourceSelection) -> State {
        var state = State()
        visit(folder, relative: "", selection, &state)
        return state
    }

    private static func visit(
        _ folder: FilePath, relative: String, _ selection: SourceSelection, _ state: inout State
    ) {
        for name in folder.names {
            let path = relative.isEmpty ? name : relative + "/" + name
            var status = Glibc.stat()
            let full = folder.appending(name)
            guard lstat(full.nameBytes, &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            guard selection.includes(name: name, path: path, isFolder: isFolder) else { continue }
            state.count += 1
            if isFolder { visit(full, relative: path, selection, &state) }
            state.newest = max(
                state.newest, Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
        }
    }
}
