import Diagnostics
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

struct RemovalTests {
    @Test("a folder goes with all it holds; nothing is removed where nothing is")
    func tree() throws {
        try withTemporaryFolder { folder in
            let root = folder.appending("root")
            try root.appending("a/b").makeFolders()
            try root.appending("a/b/file").replace(with: [1])
            try root.appending("link").makeLink(to: "nowhere")
            mkfifo(root.appending("a/pipe").string, 0o600)
            try root.remove()
            #expect(!root.exists)
            try root.remove()
            try root.appending("below").remove()
        }
    }

    @Test("links are removed, never followed")
    func links() throws {
        try withTemporaryFolder { folder in
            try folder.appending("kept").makeFolders()
            try folder.appending("kept/file").replace(with: [1])
            let root = folder.appending("root")
            try root.makeFolders()
            try root.appending("out").makeLink(to: "../kept")
            try root.appending("loop").makeLink(to: "..")
            try folder.appending("entry").makeLink(to: "root")
            try folder.appending("entry").remove()
            #expect(root.isFolder)
            try root.remove()
            #expect(folder.names == ["kept"])
            #expect(folder.appending("kept").names == ["file"])
        }
    }

    @Test("neither a path that is too long for the system nor its depth stops a removal")
    func deep() throws {
        try withTemporaryFolder { folder in
            let root = folder.appending("root")
            try Self.makeDeep(root, levels: 2000)
            try root.remove()
            #expect(!root.exists)
        }
    }

    @Test("a folder that its owner shut goes too", arguments: [0o000, 0o500, 0o300] as [mode_t])
    func shut(mode: mode_t) throws {
        try withTemporaryFolder { folder in
            let root = folder.appending("root")
            try root.appending("a/b").makeFolders()
            try root.appending("a/b/file").replace(with: [1])
            chmod(root.appending("a/b").string, mode)
            chmod(root.appending("a").string, mode)
            try Self.asUser(of: folder) { try root.remove() }
            #expect(!root.exists)
        }
    }

    @Test("what cannot be removed is named by its path")
    func error() throws {
        try withTemporaryFolder { folder in
            let root = folder.appending("root")
            try root.appending("a").makeFolders()
            let error = #expect(throws: Failure.self) {
                try FilePath("/proc/self").remove()
            }
            #expect(error?.code == .unwritable)
            #expect(error?.message.hasPrefix("/proc/self") == true)
        }
    }

    @Test("emptying keeps the folder")
    func empty() throws {
        try withTemporaryFolder { folder in
            try folder.appending("a/b").makeFolders()
            try folder.empty()
            #expect(folder.isFolder && folder.names.isEmpty)
        }
    }

    @Test("a folder that was moved meanwhile is not left for the folder above it")
    func above() throws {
        try withTemporaryFolder { folder in
            try folder.appending("root/z/inner").makeFolders()
            let root = try OpenFolder(folder.appending("root"))
            let moved = try OpenFolder(folder.appending("root/z"))
            let back = try OpenFolder.above(moved, expecting: root.identity, shown: "z")
            #expect(back.identity == root.identity)
            try folder.appending("root/z").move(to: folder.appending("z"))
            let error = #expect(throws: Failure.self) {
                _ = try OpenFolder.above(moved, expecting: root.identity, shown: "z")
            }
            #expect(error?.code == .changed)
        }
    }

    @Test("nothing outside is removed when a folder is moved there while it is removed")
    func moved() async throws {
        try await withTemporaryFolder { folder in
            let (root, outside) = (folder.appending("root"), folder.appending("outside"))
            // The folder z is removed first; then a, which the place that z is moved to has too.
            try root.appending("a").makeFolders()
            for number in 0..<3000 { try root.appending("z/\(number)").makeFolders() }
            try outside.appending("a").makeFolders()
            try outside.appending("a/file").replace(with: [1])
            let moving = Task.detached {
                while root.appending("z/999").exists, root.exists { await Task.yield() }
                try? root.appending("z").move(to: outside.appending("z"))
            }
            try? root.remove()
            await moving.value
            #expect(outside.appending("a").names == ["file"])
        }
    }

    /// Folders in folders, as a loop of links that was followed leaves them.
    static func makeDeep(_ root: FilePath, levels: Int) throws {
        try root.makeFolders()
        var current = open(root.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for _ in 0..<levels {
            #expect(mkdirat(current, "folder", 0o700) == 0)
            let next = openat(current, "folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(current)
            current = next
        }
        let file = openat(current, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        close(file)
        close(current)
    }

    /// Runs as the user nobody where the test runs as root, whom no mode stops.
    private static func asUser(of folder: FilePath, _ body: () throws -> Void) throws {
        guard geteuid() == 0 else { return try body() }
        try Self.give(folder, to: 65_534)
        // Of this thread only; what other tests do at the same time stays root's.
        _ = setFileUser(65_534)
        defer { _ = setFileUser(0) }
        try body()
    }

    private static func give(_ path: FilePath, to user: uid_t) throws {
        guard lchown(path.string, user, user) == 0 else { throw Errno(rawValue: errno) }
        for name in path.names { try give(path.appending(name), to: user) }
    }
}

/// setfsuid(2), which Glibc's module leaves out: the user that the file system sees.
@_silgen_name("setfsuid") private func setFileUser(_ user: uid_t) -> Int32
