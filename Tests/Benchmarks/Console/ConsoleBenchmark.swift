import SystemPackage
import TestSupport

/// How quick the console is: how much log it takes in, how long a key, a frame, a start and a large image take.
struct ConsoleBenchmark: Benchmark {
    static let name = "console"

    func run() async throws {
        try await LogFolding().run()
        try await FrameTime().run()
        await PlainOutput().run()
        try await withTemporaryFolder { folder in
            let mixpack = try MixpackProgram(home: folder)
            try await FirstFrame(mixpack: mixpack, folder: folder).run()
            try await KeyLatency(mixpack: mixpack, folder: folder).run()
            try await EscapeKey(mixpack: mixpack, folder: folder).run()
            try await LargeImage(mixpack: mixpack, folder: folder).run()
        }
    }
}
