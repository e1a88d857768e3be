import Files
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The folder that is kept for a project")
struct ProjectCacheTests {
    private static let kept = ["inspection/evaluation.json", "inspection/run-1-x/request"]

    @Test("A build that makes the folder ready leaves what inspections work in alone, whatever else it empties")
    func prepared() throws {
        try withTemporaryFolder { folder in
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            for format in [nil, "0", "999"] {
                for path in Self.kept + ["layers/old/file", "buildpacks/old/file"] {
                    try cache.directory.appending(FilePath(path).components).write("x")
                }
                let marker = cache.directory.appending("format")
                if let format { try marker.write(format) } else { removeTree(marker) }
                try cache.prepare()
                for path in Self.kept { #expect(cache.directory.appending(FilePath(path).components).isThere) }
                #expect(try cache.layers.names() == [] && cache.buildpacks.names() == [])
            }
        }
    }

    @Test("It is for its owner alone, also where it stood open before")
    func permissions() throws {
        try withTemporaryFolder { folder in
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            for isThere in [false, true] {
                if isThere { try cache.directory.setMode(0o755) }
                try cache.prepare()
                for path in [cache.directory, cache.layers, cache.buildpacks, cache.records, cache.logs] {
                    #expect(FileStamp(of: path)?.permissions == 0o700, "\(path)")
                }
            }
        }
    }

    @Test("An emptied cache has no answers of inspections either; one that is at work goes on")
    func cleared() throws {
        try withTemporaryFolder { folder in
            let cache = ProjectCache(project: folder, root: folder.appending("cache"))
            try cache.prepare()
            for path in Self.kept { try cache.directory.appending(FilePath(path).components).write("x") }
            try cache.clear()
            #expect(try cache.inspection.names() == ["run-1-x"])
            #expect(cache.inspection.appending("run-1-x/request").isThere)
        }
    }
}
