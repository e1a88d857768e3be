import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("Where a release is assembled")
struct AssemblyFolderTests {
    private let memory: FilePath = "/dev/shm"

    private func inode(_ path: FilePath) throws -> UInt64 { try #require(FileStamp(of: path)).inode }

    @Test("The first release is assembled beside the layers, the next one in memory, where only its owner sees it")
    func places() throws {
        try withTemporaryFolder { folder in
            #expect(try AssemblyFolder(for: folder).path == folder.appending(".assembled"))
            try folder.appending("release/bin/app").write("#!/bin/sh\n")
            let assembly = try AssemblyFolder(for: folder, memory: SharedMemory(memory))
            defer { assembly.remove() }
            let next = assembly.path
            #expect(next.removingLastComponent() == memory)
            #expect(try #require(FileStamp(behind: next)).permissions == 0o700)
        }
    }

    @Test("Without memory to write to, the release is assembled beside the layers")
    func noMemory() throws {
        try withTemporaryFolder { folder in
            try folder.appending("release/bin/app").write("#!/bin/sh\n")
            for memory: FilePath in [folder, "/nowhere", "/proc"] {
                #expect(
                    try AssemblyFolder(for: folder, memory: SharedMemory(memory)).path == folder.appending(".assembled")
                )
            }
        }
    }

    @Test("What a killed build left in memory goes; what a living one has there stays")
    func sweep() throws {
        try withTemporaryFolder { folder in
            try folder.appending("release/bin/app").write("#!/bin/sh\n")
            let left = memory.appending("mixpack-\(getuid())-\(UInt32.random(in: .min ... .max))")
            defer { try? left.remove() }
            try left.appending("release/x").write("x")
            let living = try AssemblyFolder(for: folder, memory: SharedMemory(memory))
            SharedMemory(memory).sweep()
            #expect(!left.isThere)
            #expect(living.path.isThere)
            living.remove()
            #expect(!living.path.isThere)
        }
    }

    @Test("A tree copied from one file system to another is the same tree: modes, links and content")
    func copies() throws {
        try withTemporaryFolder { folder in
            let source = memory.appending("mixpack-test-\(UInt32.random(in: .min ... .max))")
            defer { try? source.remove() }
            try source.appending("bin/app").write("#!/bin/sh\n", mode: 0o755)
            try source.appending("lib/read-only").write("x", mode: 0o444)
            try source.appending("lib/link").makeLink(to: "../bin/app")
            chmod(source.appending("lib").string, 0o750)
            let copy = folder.appending("copy")
            try source.copyTree(to: copy)
            #expect(source.isSameTree(as: copy))
            try copy.appending("bin/app").write("#!/bin/SH\n", mode: 0o755)
            #expect(!source.isSameTree(as: copy))
        }
    }

    @Test("A layer that is the same as before keeps its files, one that differs is replaced", arguments: [true, false])
    func unchangedLayers(inMemory: Bool) throws {
        try withTemporaryFolder { folder in
            let own = memory.appending("mixpack-test-\(UInt32.random(in: .min ... .max))")
            defer { try? own.remove() }
            let layers = folder.appending("layers")
            try layers.makeFolder()
            var before: [String: UInt64] = [:]
            for (round, code) in ["one", "two"].enumerated() {
                let sample = try SampleRelease(in: folder.appending("\(round)"), code: code)
                let release = inMemory ? own.appending("\(round)/release") : sample.directory
                if inMemory {
                    try own.appending("\(round)").makeFolders()
                    try sample.directory.copyTree(to: release)
                }
                _ = try FinishedRelease.prepare(
                    release, name: "my_app", setsCookie: false, toolchain: sample.toolchain, dependencies: ["jason"],
                    layers: layers)
                let now = try Dictionary(
                    uniqueKeysWithValues: ReleaseLayers.names.map { ($0, try inode(layers.appending($0))) })
                for layer in ["base", "base-native", "deps"] { #expect(round == 0 || now[layer] == before[layer]) }
                #expect(round == 0 || now["release"] != before["release"])
                before = now
                #expect(try layers.appending("release/lib/my_app-0.1.0/ebin/x.beam").readText() == code)
            }
        }
    }
}
